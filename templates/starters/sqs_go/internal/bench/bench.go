// Package bench tries on a real broker whether what was assumed of the workload holds.
package bench

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

const (
	groups    = 1000
	producers = 8
	linger    = 20 * time.Millisecond  // how long a message waits for its batch to fill
	patience  = 30 * time.Second       // for the first message to come through, and for the last
	settling  = 500 * time.Millisecond // the last answers are not counted against the rate
)

// A run sends messages through a queue of its own and notes how long each was on its way.
type run struct {
	settings settings.Settings
	filler   string

	mu        sync.Mutex
	sent      int
	latencies []time.Duration
	first     chan struct{}
}

// The body of what is sent.
type sample struct {
	SentAt time.Time `json:"sent_at"`
	Filler string    `json:"filler"`
}

// Run sends at the assumed rate for so long, consumes it all, and reports.
func Run(ctx context.Context, s settings.Settings, duration time.Duration) (Report, error) {
	s = own(s)
	if err := messaging.CreateQueues(ctx, s); err != nil {
		return Report{}, err
	}
	defer func() { _ = messaging.DeleteQueues(context.WithoutCancel(ctx), s) }()
	r := &run{settings: s, first: make(chan struct{})}
	r.filler = strings.Repeat("x", max(0, s.AssumedMessageBytes-r.emptyBytes()))
	consumer, err := messaging.NewConsumer(ctx, s, r.handle)
	if err != nil {
		return Report{}, err
	}
	var report Report
	ctx, stop := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return consumer.Run(ctx) })
	group.Go(func() (err error) {
		defer stop()
		report, err = r.measure(ctx, duration)
		return err
	})
	err = group.Wait()
	return report, err
}

// Queues of its own, fed directly: a topic would only stand before them.
func own(s settings.Settings) settings.Settings {
	ending := ""
	if s.FIFO {
		ending = ".fifo"
	}
	suffix := "-bench-" + strings.ToLower(rand.Text()[:8]) + ending // a name that was deleted is not free again at once
	s.QueueName = strings.TrimSuffix(s.QueueName, ending) + suffix
	s.DeadLetterQueueName = strings.TrimSuffix(s.QueueName, ending) + "-dead" + ending
	s.TopicName = nil
	return s
}

func (r *run) measure(ctx context.Context, duration time.Duration) (Report, error) {
	if err := r.warmUp(ctx); err != nil {
		return Report{}, err
	}
	bar := startProgress(duration, r.counts)
	started := time.Now()
	err := r.produce(ctx, duration)
	took := time.Since(started)
	bar.stop()
	if err != nil {
		return Report{}, err
	}
	sent, received := r.counts()
	report := Report{settings: r.settings, sent: sent, took: max(duration, took-settling), inFlight: sent - received}
	if err := r.drain(ctx); err != nil {
		return Report{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	report.latencies = r.latencies
	return report, nil
}

// Connections are opened first, or that would count as latency.
func (r *run) warmUp(ctx context.Context) error {
	producer, err := messaging.NewProducer(ctx, r.settings)
	if err != nil {
		return err
	}
	if err := errors.Join(r.send(ctx, producer, 0), producer.Flush(ctx)); err != nil {
		return err
	}
	select {
	case <-r.first:
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(patience):
		return fmt.Errorf("the first message did not come through within %s", patience)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent, r.latencies = 0, nil
	return nil
}

// Several producers, as a single one waits for the answer to each of its batches.
func (r *run) produce(ctx context.Context, duration time.Duration) error {
	group, ctx := errgroup.WithContext(ctx)
	started := time.Now()
	for number := range producers {
		group.Go(func() error { return r.produceShare(ctx, started, duration, number) })
	}
	return group.Wait()
}

// Sends every eighth message, each when it is due. A batch goes out when it is full, and before a pause when it has
// waited. At half the rate it does not hold, and nobody need wait for more.
func (r *run) produceShare(ctx context.Context, started time.Time, duration time.Duration, first int) error {
	producer, err := messaging.NewProducer(ctx, r.settings)
	if err != nil {
		return err
	}
	rate, flushed := float64(r.settings.AssumedMessagesPerSecond), time.Now()
	total := max(1, int(math.Round(rate*duration.Seconds())))
	for number := first; number < total && time.Since(started) <= 2*duration; number += producers {
		due := started.Add(time.Duration(float64(number) / rate * float64(time.Second)))
		if pause := time.Until(due); pause > 0 && (pause > linger || time.Since(flushed) > linger) {
			if err := producer.Flush(ctx); err != nil {
				return err
			}
			flushed = time.Now()
		}
		time.Sleep(time.Until(due))
		if err := errors.Join(ctx.Err(), r.send(ctx, producer, number)); err != nil {
			return err
		}
	}
	return producer.Flush(ctx)
}

func (r *run) send(ctx context.Context, producer *messaging.Producer, number int) error {
	r.mu.Lock()
	r.sent++
	r.mu.Unlock()
	return producer.Send(ctx, messaging.Outgoing{
		Body:  sample{time.Now(), r.filler},
		Group: fmt.Sprintf("group-%d", number%groups),
	})
}

func (r *run) emptyBytes() int {
	content, _ := json.Marshal(sample{time.Now(), ""}) // of two plain fields: it cannot fail
	return len(content)
}

func (r *run) handle(_ context.Context, message messaging.Message) error {
	var got sample
	if err := json.Unmarshal(message.Body, &got); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latencies = append(r.latencies, time.Since(got.SentAt))
	select {
	case <-r.first:
	default:
		close(r.first)
	}
	return nil
}

func (r *run) counts() (sent, received int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent, len(r.latencies)
}

// Waits for what is on its way, as long as something still comes.
func (r *run) drain(ctx context.Context) error {
	for last, since := 0, time.Now(); time.Since(since) < patience; time.Sleep(20 * time.Millisecond) {
		sent, received := r.counts()
		if received >= sent {
			return nil
		}
		if received > last {
			last, since = received, time.Now()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}
