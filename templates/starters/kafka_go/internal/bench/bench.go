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
	keys     = 1000
	patience = 30 * time.Second       // for the first record to come through, and for the last
	settling = 500 * time.Millisecond // the last confirmations are not counted against the rate
)

// A run sends records through a topic of its own and notes how long each was on its way.
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
	own := "-bench-" + strings.ToLower(rand.Text()[:8]) // a name that was deleted is not free again at once
	s.Topic += own
	s.DeadLetterTopic = s.Topic + ".dead-letters"
	s.ConsumerGroup += own
	if err := messaging.CreateTopics(ctx, s); err != nil {
		return Report{}, err
	}
	defer func() { _ = messaging.DeleteTopics(context.WithoutCancel(ctx), s) }()
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

func (r *run) measure(ctx context.Context, duration time.Duration) (Report, error) {
	producer, err := messaging.NewProducer(ctx, r.settings)
	if err != nil {
		return Report{}, err
	}
	if err := r.warmUp(ctx, producer); err != nil {
		return Report{}, errors.Join(err, producer.Close())
	}
	bar := startProgress(duration, r.counts)
	started := time.Now()
	err = errors.Join(r.produce(ctx, producer, duration), producer.Close())
	took := time.Since(started)
	bar.stop()
	if err != nil {
		return Report{}, err
	}
	sent, received := r.counts()
	report := Report{settings: r.settings, sent: sent, took: max(duration, took-settling), lag: sent - received}
	if err := r.drain(ctx); err != nil {
		return Report{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	report.latencies = r.latencies
	return report, nil
}

// The consumer has to have its partitions first, or waiting for them would count as latency.
func (r *run) warmUp(ctx context.Context, producer *messaging.Producer) error {
	if err := r.send(ctx, producer, 0); err != nil {
		return err
	}
	select {
	case <-r.first:
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(patience):
		return fmt.Errorf("the first record did not come through within %s", patience)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent, r.latencies = 0, nil
	return nil
}

// Each record is sent when it is due. At half the rate it does not hold, and nobody need wait for more.
func (r *run) produce(ctx context.Context, producer *messaging.Producer, duration time.Duration) error {
	rate, started := float64(r.settings.AssumedMessagesPerSecond), time.Now()
	for number := range max(1, int(math.Round(rate*duration.Seconds()))) {
		due := time.Duration(float64(number) / rate * float64(time.Second))
		if early := due - time.Since(started); early > time.Millisecond {
			time.Sleep(early)
		}
		if time.Since(started) > 2*duration {
			return nil
		}
		if err := errors.Join(ctx.Err(), r.send(ctx, producer, number)); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) send(ctx context.Context, producer *messaging.Producer, number int) error {
	r.mu.Lock()
	r.sent++
	r.mu.Unlock()
	return producer.Send(ctx, fmt.Sprintf("key-%d", number%keys), sample{time.Now(), r.filler})
}

func (r *run) emptyBytes() int {
	content, _ := json.Marshal(sample{time.Now(), ""}) // of two plain fields: it cannot fail
	return len(content)
}

func (r *run) handle(_ context.Context, message messaging.Message) error {
	var got sample
	if err := json.Unmarshal(message.Value, &got); err != nil {
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
