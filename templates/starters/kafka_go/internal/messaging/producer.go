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

// ErrDeliveryFailed says that the broker did not confirm a record; it may be lost.
var ErrDeliveryFailed = errors.New("delivery failed")

const deliveryTimeout = 2 * time.Minute

// Producer checks every delivery; Close reports what did not arrive. Safe for use by several goroutines.
type Producer struct {
	client *kgo.Client
	mu     sync.Mutex
	failed int
	first  error
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
	return &Producer{client: client}, nil
}

// Send hands over one record and waits only where 10,000 are unconfirmed; records of one key keep their order.
// Its error tells of an earlier record. A cancelled context does not take back what was handed over.
func (p *Producer) Send(ctx context.Context, key string, value any) error {
	if err := p.failure(); err != nil {
		return err
	}
	content, err := json.Marshal(value)
	if err != nil {
		return err
	}
	p.client.Produce(context.WithoutCancel(ctx), &kgo.Record{Key: []byte(key), Value: content}, p.confirm)
	return nil
}

// Close waits for the last confirmation. Call it always: before, a record may only be in memory.
func (p *Producer) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), deliveryTimeout+10*time.Second)
	defer cancel()
	flushed := p.client.Flush(ctx)
	p.client.Close()
	return errors.Join(p.failure(), flushed)
}

func (p *Producer) confirm(_ *kgo.Record, err error) {
	if err == nil {
		metrics.Count(metrics.Sent, 1)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed++
	if p.first == nil {
		p.first = err
	}
}

func (p *Producer) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d records, first: %w", ErrDeliveryFailed, p.failed, p.first)
}
