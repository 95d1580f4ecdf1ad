package messaging

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"example.com/messaging/internal/metrics"
	"example.com/messaging/internal/settings"
)

// ErrSendFailed says that AWS did not take all. What it never will is dropped, and in a DroppedError; the rest stays for
// the next Flush.
var ErrSendFailed = errors.New("send failed")

// DroppedError is an ErrSendFailed with the bodies, as JSON, of what AWS will never take. They are not in its text, since
// errors end up in logs.
type DroppedError struct {
	Bodies []string
	said   string
}

func (e *DroppedError) Error() string { return fmt.Sprintf("%v: %s", ErrSendFailed, e.said) }

func (e *DroppedError) Unwrap() error { return ErrSendFailed }

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

// Producer sends in batches: what was not taken is sent again, by this Flush or by the next one. Safe for use by several
// goroutines: it sends for one of them at a time, and the others wait.
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
	next, err := p.newEntry(message)
	if err != nil {
		return err
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

// What is too large is refused here, as it would fail each batch that it is in.
func (p *Producer) newEntry(message Outgoing) (entry, error) {
	body, err := json.Marshal(message.Body)
	if err != nil {
		return entry{}, err
	}
	if most := p.destination.maxBytes(); len(body) > most {
		return entry{}, fmt.Errorf("body: %d bytes are more than the %d of a batch", len(body), most)
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
	return next, nil
}

// Flush returns nil when all that was sent is stored, whoever sent it. Call it before you rely on it, and at the end.
func (p *Producer) Flush(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.flush(ctx)
}

// A message leaves the batch once AWS took it, or with the error that has it: no failure forgets one.
func (p *Producer) flush(ctx context.Context) error {
	hopeless := map[string]refusal{}
	for attempt := range sendAttempts {
		waiting := without(p.batch, hopeless)
		if len(waiting) == 0 {
			break
		}
		if err := p.offer(ctx, attempt, waiting, hopeless); err != nil {
			return fmt.Errorf("%w: %d messages, which the next flush sends again: %w", ErrSendFailed, len(p.batch), err)
		}
	}
	return p.report(hopeless)
}

// One attempt, after its pause: what was taken leaves the batch, and what never will be is added to the hopeless.
func (p *Producer) offer(ctx context.Context, attempt int, waiting []entry, hopeless map[string]refusal) error {
	if err := pauseBefore(ctx, attempt); err != nil {
		return err
	}
	refused, err := p.destination.send(ctx, waiting)
	if err != nil {
		return err
	}
	metrics.Count(metrics.Sent, len(waiting)-len(refused))
	for id, why := range refused {
		if why.isOurFault {
			hopeless[id] = why
		}
	}
	taken := without(waiting, refused)
	p.batch = slices.DeleteFunc(p.batch, func(each entry) bool { return slices.Contains(taken, each) })
	return nil
}

// Drops the hopeless, and returns an error where something was not taken.
func (p *Producer) report(hopeless map[string]refusal) error {
	var said, dropped []string
	for _, each := range p.batch {
		if why, isHopeless := hopeless[each.id]; isHopeless {
			said = append(said, fmt.Sprintf("dropped for good: %d bytes (%s: %s)", len(each.body), why.code, why.message))
			dropped = append(dropped, each.body)
		}
	}
	p.batch = without(p.batch, hopeless)
	if left := len(p.batch); left > 0 {
		said = append(said, fmt.Sprintf("%d messages, refused %d times: the next flush sends them again", left, sendAttempts))
	}
	switch {
	case len(dropped) > 0:
		return &DroppedError{Bodies: dropped, said: strings.Join(said, "; ")}
	case len(said) > 0:
		return fmt.Errorf("%w: %s", ErrSendFailed, said[0])
	}
	return nil
}

func pauseBefore(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(100 * time.Millisecond << attempt):
		return nil
	}
}

// The entries that are not among these ids, in their order.
func without(entries []entry, ids map[string]refusal) []entry {
	var others []entry
	for _, each := range entries {
		if _, isAmong := ids[each.id]; !isAmong {
			others = append(others, each)
		}
	}
	return others
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
