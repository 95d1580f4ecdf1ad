// Package bridge sends a job to an SQS queue for each record of a Kafka topic, and commits exactly what SQS took.
package bridge

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/bridge/internal/metrics"
	"example.com/bridge/internal/settings"
)

const (
	pollTimeout  = time.Second // how long a poll waits for records, so that the loop is seen to be alive
	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
	leaveTimeout = 5 * time.Second // a platform waits little longer
)

// Bridge polls records, passes them on, and commits. Order is not kept: a standard queue has none.
type Bridge struct {
	client   *kgo.Client
	queue    *queue
	settings settings.Settings
	ahead    ahead
	polled   atomic.Int64 // when a poll last came back, in Unix milliseconds
}

// New finds the topics and the queue; it fails where one is missing.
func New(ctx context.Context, s settings.Settings) (*Bridge, error) {
	if err := requireTopics(ctx, s); err != nil {
		return nil, err
	}
	queue, err := newQueue(ctx, s)
	if err != nil {
		return nil, err
	}
	session := time.Duration(s.SessionTimeoutMS) * time.Millisecond
	b := &Bridge{queue: queue, settings: s, ahead: ahead{}}
	b.polled.Store(time.Now().UnixMilli())
	b.client, err = connect(ctx, s,
		kgo.ConsumeTopics(s.Topic),
		kgo.ConsumerGroup(s.BridgeGroup),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), // what a transaction took back was never sent
		kgo.SessionTimeout(session),
		kgo.HeartbeatInterval(min(3*time.Second, session/3)),
		kgo.RebalanceTimeout(b.patience()),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(), // partitions stay until their records are committed
		// What is set aside and came compressed may be more than the client, and then a broker, takes otherwise.
		kgo.ProducerBatchMaxBytes(32*maxBytes),
		kgo.ProducerBatchCompression(kgo.GzipCompression()),
	)
	return b, err
}

// Run returns nil after the context ended, and an error when a record could neither be sent nor set aside.
func (b *Bridge) Run(ctx context.Context) error {
	defer b.leave()
	pause := firstPause
	for ctx.Err() == nil {
		left, err := b.step(ctx)
		if err != nil {
			return err
		}
		if left == 0 {
			pause = firstPause
			continue
		}
		metrics.Count(metrics.Retried, left)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		}
	}
	return nil
}

// Others take over at once. Brokers that are away are not waited for.
func (b *Bridge) leave() {
	b.client.AllowRebalance()
	ctx, cancel := context.WithTimeout(context.Background(), leaveTimeout)
	defer cancel()
	if err := b.client.LeaveGroupContext(ctx); err != nil {
		slog.Warn("the group was not left; it will notice by itself", "error", err.Error())
	}
	b.client.Close()
}

// IsAlive is false when no poll came back for longer than max_poll_interval_ms.
func (b *Bridge) IsAlive() bool {
	return time.Since(time.UnixMilli(b.polled.Load())) <= b.patience()
}

func (b *Bridge) patience() time.Duration {
	return time.Duration(b.settings.MaxPollIntervalMS) * time.Millisecond
}

// One poll, passed on and committed. Says how many are left: they are read again.
func (b *Bridge) step(ctx context.Context) (int, error) {
	polling, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	fetches := b.client.PollRecords(polling, b.settings.MaxPollRecords)
	defer b.client.AllowRebalance()
	b.polled.Store(time.Now().UnixMilli())
	for _, failed := range fetches.Errors() {
		if err := worthEnding(failed.Err); err != nil {
			return 0, err
		}
	}
	records := fetches.Records()
	if len(records) == 0 {
		return 0, nil
	}
	metrics.Count(metrics.Received, len(records))
	// A stop lets what was polled be sent and committed first.
	return b.passOn(context.WithoutCancel(ctx), records)
}

func (b *Bridge) passOn(ctx context.Context, records []*kgo.Record) (int, error) {
	sendable, never := sort(b.ahead.without(records))
	if err := b.setAside(ctx, never); err != nil {
		return 0, err
	}
	left, never := b.queue.send(ctx, sendable)
	if err := b.setAside(ctx, never); err != nil {
		return 0, err
	}
	b.ahead.update(records, left)
	done, again := untilFirst(records, left)
	if err := b.client.CommitRecords(ctx, done...); err != nil {
		slog.Warn("not committed; what was sent last will be sent again", "error", err.Error())
	}
	if len(again) > 0 {
		b.client.SetOffsets(map[string]map[int32]kgo.EpochOffset{b.settings.Topic: again})
	}
	return len(left), nil
}

// Per partition: the last record before the first that is left, and where to read on.
func untilFirst(records []*kgo.Record, left map[*kgo.Record]bool) ([]*kgo.Record, map[int32]kgo.EpochOffset) {
	last, again := map[int32]*kgo.Record{}, map[int32]kgo.EpochOffset{}
	for _, record := range records {
		if _, isBehind := again[record.Partition]; isBehind {
			continue
		}
		if left[record] {
			again[record.Partition] = kgo.EpochOffset{Epoch: record.LeaderEpoch, Offset: record.Offset}
			continue
		}
		last[record.Partition] = record
	}
	var done []*kgo.Record
	for _, record := range last {
		done = append(done, record)
	}
	return done, again
}

// The client repairs most of what goes wrong by itself; what it cannot repair ends the bridge.
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
