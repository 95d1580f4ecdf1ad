package messaging

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// A worker handles the records of one partition, one after the other. What waits for it is bounded: fetching pauses
// while max_poll_records wait, and goes on when half of them are done.
type worker struct {
	client    *kgo.Client
	partition map[string][]int32
	limit     int
	stop      context.CancelFunc
	done      chan struct{}

	mu       sync.Mutex
	more     chan struct{}
	waiting  []*kgo.Record
	isPaused bool
	since    time.Time // when the message in hand was taken; zero between messages
}

func (c *Consumer) startWorker(partition int32) *worker {
	ctx, stop := context.WithCancel(context.Background())
	w := &worker{
		client:    c.client,
		partition: map[string][]int32{c.settings.Topic: {partition}},
		limit:     c.settings.MaxPollRecords,
		stop:      stop,
		done:      make(chan struct{}),
		more:      make(chan struct{}, 1),
	}
	go func() {
		defer close(w.done)
		defer w.resume()
		c.work(ctx, w)
	}()
	return w
}

// Returns when the worker is stopped, or when a record could neither be handled nor set aside.
func (c *Consumer) work(ctx context.Context, w *worker) {
	for {
		record, ok := w.next(ctx)
		if !ok {
			return
		}
		isDone, err := c.finish(ctx, record)
		if err != nil {
			c.fail(err)
			return
		}
		if !isDone {
			return
		}
		c.client.MarkCommitRecords(record)
	}
}

func (w *worker) add(records []*kgo.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting = append(w.waiting, records...)
	if len(w.waiting) >= w.limit {
		w.client.PauseFetchPartitions(w.partition)
		w.isPaused = true
	}
	select {
	case w.more <- struct{}{}:
	default: // it knows already
	}
}

func (w *worker) next(ctx context.Context) (*kgo.Record, bool) {
	for ctx.Err() == nil {
		if record := w.take(); record != nil {
			return record, true
		}
		select {
		case <-w.more:
		case <-ctx.Done():
		}
	}
	return nil, false
}

func (w *worker) take() *kgo.Record {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.since = time.Time{}
	if len(w.waiting) == 0 {
		return nil
	}
	record := w.waiting[0]
	w.waiting[0] = nil
	w.waiting = w.waiting[1:]
	if w.isPaused && len(w.waiting) <= w.limit/2 {
		w.client.ResumeFetchPartitions(w.partition)
		w.isPaused = false
	}
	w.since = time.Now()
	return record
}

// A pause outlives an assignment: whoever is given the partition next must find it flowing.
func (w *worker) resume() {
	w.client.ResumeFetchPartitions(w.partition)
}

func (w *worker) inHand() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since.IsZero() {
		return 0
	}
	return time.Since(w.since)
}
