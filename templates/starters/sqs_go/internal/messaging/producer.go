package messaging

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.com/messaging/internal/metrics"
	"example.com/messaging/internal/settings"
)

// ErrSendFailed says that AWS did not take messages.
var ErrSendFailed = errors.New("send failed")

const sendAttempts = 5

// Outgoing is a message to be sent. On a FIFO queue a Group keeps its order, and one DeduplicationID is taken once in
// five minutes: give it the identity of the event. Without one, each call of Send counts as a new message. A standard queue
// holds the message back for DelaySeconds, up to the setting of that name.
type Outgoing struct {
	Body            any
	Group           string
	DeduplicationID string
	DelaySeconds    int
}

// Producer sends in batches: what was not taken is sent again, and Flush reports what never was. Safe for use by several
// goroutines.
type Producer struct {
	settings    settings.Settings
	destination destination

	mu    sync.Mutex
	batch []entry
}

// NewProducer sends to the queue, or to the topic where the settings name one.
func NewProducer(ctx context.Context, s settings.Settings) (*Producer, error) {
	destination, err := newDestination(ctx, s)
	return &Producer{settings: s, destination: destination}, err
}

// Send adds to the batch, which goes out when it is full. Until Flush returns, a message may only be in memory.
func (p *Producer) Send(ctx context.Context, message Outgoing) error {
	if most := p.settings.MessageDelaySecondsMax(); message.DelaySeconds < 0 || message.DelaySeconds > most {
		return fmt.Errorf("DelaySeconds: %d is not between 0 and %d, what the settings allow", message.DelaySeconds, most)
	}
	body, err := json.Marshal(message.Body)
	if err != nil {
		return err
	}
	next := entry{id: rand.Text(), body: string(body), delaySeconds: message.DelaySeconds}
	if p.settings.FIFO {
		next.group = message.Group
		if next.group == "" {
			next.group = "default"
		}
		next.deduplication = message.DeduplicationID
		if next.deduplication == "" && !p.settings.ContentBasedDeduplication {
			next.deduplication = next.id
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isFull(next) {
		if err := p.flush(ctx); err != nil {
			return err // without it: the caller takes this message for not sent either
		}
	}
	p.batch = append(p.batch, next)
	return nil
}

// Flush sends what is waiting. Call it before you rely on it, and at the end.
func (p *Producer) Flush(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.flush(ctx)
}

func (p *Producer) flush(ctx context.Context) error {
	waiting := p.batch
	p.batch = nil
	pause := 200 * time.Millisecond
	for attempt := 1; len(waiting) > 0; attempt++ {
		refused, err := p.destination.send(ctx, waiting)
		if err != nil {
			return fmt.Errorf("%w: %d messages: %w", ErrSendFailed, len(waiting), err)
		}
		metrics.Count(metrics.Sent, len(waiting)-len(refused))
		if waiting, err = stillWaiting(waiting, refused); err != nil || len(waiting) == 0 {
			return err
		}
		if attempt == sendAttempts {
			return fmt.Errorf("%w: %d messages, refused %d times", ErrSendFailed, len(waiting), attempt)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %d messages: %w", ErrSendFailed, len(waiting), ctx.Err())
		case <-time.After(pause):
			pause *= 2
		}
	}
	return nil
}

func stillWaiting(batch []entry, refused map[string]refusal) ([]entry, error) {
	var again []entry
	for _, each := range batch {
		why, isRefused := refused[each.id]
		if !isRefused {
			continue
		}
		if why.isOurFault {
			return nil, fmt.Errorf("%w: %s: %s", ErrSendFailed, why.code, why.message)
		}
		again = append(again, each)
	}
	return again, nil
}

func (p *Producer) isFull(next entry) bool {
	if len(p.batch) == maxEntries {
		return true
	}
	bytes := len(next.body)
	for _, other := range p.batch {
		// One of each group at a time: were the first of two refused and the second taken, their order would be lost.
		if p.settings.FIFO && other.group == next.group {
			return true
		}
		bytes += len(other.body)
	}
	return bytes > p.destination.maxBytes() && len(p.batch) > 0
}
