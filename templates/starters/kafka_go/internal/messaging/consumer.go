package messaging

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/messaging/internal/settings"
)

const (
	pollTimeout = time.Second // how long a poll waits for records, so that the loop is seen to be alive
	// How long a commit and the leaving wait for an answer, where partitions are given up: a platform waits little longer.
	leaveTimeout = 5 * time.Second
)

// Consumer handles the records of the topic: its partitions side by side, each in order. It commits once a second, and
// whenever it gives partitions up, exactly what was handled.
type Consumer struct {
	client   *kgo.Client
	settings settings.Settings
	handle   Handle
	fail     context.CancelCauseFunc

	mu      sync.Mutex
	polled  time.Time
	workers map[int32]*worker
}

// NewConsumer connects when it runs.
func NewConsumer(ctx context.Context, s settings.Settings, handle Handle) (*Consumer, error) {
	c := &Consumer{settings: s, handle: handle, polled: time.Now(), workers: map[int32]*worker{}}
	session := time.Duration(s.SessionTimeoutMS) * time.Millisecond
	client, err := connect(ctx, s,
		kgo.ConsumeTopics(s.Topic),
		kgo.ConsumerGroup(s.ConsumerGroup),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), // what a transaction took back was never sent
		kgo.SessionTimeout(session),
		kgo.HeartbeatInterval(min(3*time.Second, session/3)),
		kgo.RebalanceTimeout(c.patience()),
		kgo.AutoCommitMarks(), // only what a worker has marked as handled
		kgo.AutoCommitInterval(time.Second),
		// What is set aside and came compressed may be more than the client, and then a broker, takes otherwise.
		kgo.ProducerBatchMaxBytes(max(32<<20, c.settings.DeadLetterMaxRecordBytes)),
		kgo.ProducerBatchCompression(kgo.GzipCompression()),
		kgo.BlockRebalanceOnPoll(), // a partition never goes between its poll and its worker
		kgo.OnPartitionsAssigned(c.assigned),
		kgo.OnPartitionsRevoked(c.revoked),
		kgo.OnPartitionsLost(c.lost),
	)
	c.client = client
	return c, err
}

// Run returns nil after the context ended, and an error when a record could neither be handled nor set aside.
func (c *Consumer) Run(ctx context.Context) error {
	defer c.leave()
	ctx, c.fail = context.WithCancelCause(ctx)
	defer c.fail(nil)
	for ctx.Err() == nil {
		if err := c.poll(ctx); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Leaving revokes what is assigned. What is in hand is finished before, however long that takes.
func (c *Consumer) leave() {
	c.mu.Lock()
	assigned := slices.Collect(maps.Keys(c.workers))
	c.mu.Unlock()
	c.stopWorkers(map[string][]int32{c.settings.Topic: assigned})
	c.client.AllowRebalance()
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	if err := c.client.LeaveGroupContext(ctx); err != nil {
		slog.Warn("the group was not left; it will notice by itself", "error", err.Error())
	}
	c.client.Close()
}

// IsAlive is false when no poll came back, or when one message has been in hand, for longer than max_poll_interval_ms.
func (c *Consumer) IsAlive() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.workers {
		if w.inHand() > c.patience() {
			return false
		}
	}
	return time.Since(c.polled) <= c.patience()
}

func (c *Consumer) patience() time.Duration {
	return time.Duration(c.settings.MaxPollIntervalMS) * time.Millisecond
}

func (c *Consumer) poll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	fetches := c.client.PollFetches(ctx)
	defer c.client.AllowRebalance()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.polled = time.Now()
	for _, failed := range fetches.Errors() {
		if err := worthEnding(failed.Err); err != nil {
			return err
		}
	}
	fetches.EachPartition(func(fetched kgo.FetchTopicPartition) {
		if w, ok := c.workers[fetched.Partition]; ok && len(fetched.Records) > 0 {
			w.add(fetched.Records)
		}
	})
	return nil
}

// The client repairs most of what goes wrong by itself; what it cannot repair ends the consumer.
func worthEnding(err error) error {
	var loss *kgo.ErrDataLoss
	var session *kgo.ErrGroupSession
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case errors.As(err, &loss), errors.As(err, &session):
		slog.Warn("the client goes on after an error", "error", err.Error())
		return nil
	}
	return err
}

func (c *Consumer) assigned(_ context.Context, _ *kgo.Client, given map[string][]int32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, partition := range given[c.settings.Topic] {
		c.workers[partition] = c.startWorker(partition)
	}
}

func (c *Consumer) revoked(ctx context.Context, _ *kgo.Client, taken map[string][]int32) {
	c.stopWorkers(taken)
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	if err := c.client.CommitMarkedOffsets(ctx); err != nil {
		slog.Warn("not committed; what was handled last will be handled again", "error", err.Error())
	}
}

func (c *Consumer) lost(_ context.Context, _ *kgo.Client, taken map[string][]int32) {
	c.stopWorkers(taken)
	if len(taken) > 0 {
		slog.Warn("this consumer lost its partitions; what it handled last will be handled again")
	}
}

// Waits for the messages in hand, so that no one else works on the same key before.
func (c *Consumer) stopWorkers(taken map[string][]int32) {
	c.mu.Lock()
	var stopping []*worker
	for _, partition := range taken[c.settings.Topic] {
		if w, ok := c.workers[partition]; ok {
			stopping = append(stopping, w)
			delete(c.workers, partition)
		}
	}
	c.mu.Unlock()
	for _, w := range stopping {
		w.stop()
	}
	for _, w := range stopping {
		<-w.done
	}
}
