package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/messaging/internal/metrics"
	"example.com/messaging/internal/settings"
)

// Lost is a record that was not confirmed.
type Lost struct {
	Key string
	Err error
}

// DeliveryError says which records the broker did not confirm; they may be lost. There is at least one.
type DeliveryError struct {
	Topic string
	Lost  []Lost
}

func (e *DeliveryError) Error() string {
	first := e.Lost[0]
	return fmt.Sprintf("delivery failed: %d records for %s, first: key %s, %v", len(e.Lost), e.Topic, first.Key, first.Err)
}

// Unwrap gives the cause of the first.
func (e *DeliveryError) Unwrap() error {
	return e.Lost[0].Err
}

const deliveryTimeout = 2 * time.Minute

// Producer checks every delivery, and tells once what did not arrive. Safe for use by several goroutines; a failure is
// told to the one that calls next.
type Producer struct {
	client *kgo.Client
	topic  string
	mu     sync.Mutex
	lost   []Lost
}

// NewProducer connects when the first record is sent.
func NewProducer(ctx context.Context, s settings.Settings) (*Producer, error) {
	acks := map[string]kgo.Acks{"all": kgo.AllISRAcks(), "1": kgo.LeaderAck(), "0": kgo.NoAck()}
	options := []kgo.Opt{
		kgo.DefaultProduceTopic(s.Topic),
		kgo.RequiredAcks(acks[s.Acks]),
		kgo.ProducerLinger(time.Duration(s.LingerMS) * time.Millisecond),
		kgo.RecordDeliveryTimeout(deliveryTimeout),
	}
	if !s.EnableIdempotence {
		options = append(options, kgo.DisableIdempotentWrite())
	}
	client, err := connect(ctx, s, options...)
	if err != nil {
		return nil, err
	}
	return &Producer{client: client, topic: s.Topic}, nil
}

// Send hands over one record and waits only where 10,000 are unconfirmed; records of one key keep their order. Where
// an earlier one was lost it returns that DeliveryError instead, once, and this one is not handed over. A cancelled
// context does not take back what was handed over.
func (p *Producer) Send(ctx context.Context, key string, value any) error {
	if err := p.takeLost(); err != nil {
		return err
	}
	content, err := json.Marshal(value)
	if err != nil {
		return err
	}
	p.client.Produce(context.WithoutCancel(ctx), &kgo.Record{Key: []byte(key), Value: content}, p.confirm)
	return nil
}

// Flush waits until all that was handed over is confirmed, by others meanwhile too, and returns a DeliveryError for
// what was not. Call it before you rely on it.
func (p *Producer) Flush(ctx context.Context) error {
	flushed := p.client.Flush(ctx)
	return errors.Join(p.takeLost(), flushed)
}

// Close flushes and disconnects. Call it always: before, a record may only be in memory.
func (p *Producer) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), deliveryTimeout+10*time.Second)
	defer cancel()
	flushed := p.client.Flush(ctx)
	p.client.Close()
	return errors.Join(p.takeLost(), flushed)
}

func (p *Producer) confirm(record *kgo.Record, err error) {
	if err == nil {
		metrics.Count(metrics.Sent, 1)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lost = append(p.lost, Lost{Key: string(record.Key), Err: err})
}

// Told once: a producer that lives long must not refuse what comes later.
func (p *Producer) takeLost() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.lost) == 0 {
		return nil
	}
	err := &DeliveryError{Topic: p.topic, Lost: p.lost}
	p.lost = nil
	return err
}
