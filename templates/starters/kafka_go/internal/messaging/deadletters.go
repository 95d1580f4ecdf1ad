package messaging

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/messaging/internal/metrics"
)

const (
	maxReason       = 500
	setAsideTimeout = 30 * time.Second
)

// setAside writes the record, unchanged, to the dead-letter topic, with the reason and its origin in the headers. It
// returns only when the broker has confirmed: the caller commits the original next.
func (c *Consumer) setAside(ctx context.Context, record *kgo.Record, cause error, attempts int) error {
	reason := strings.ToValidUTF8(cause.Error()[:min(maxReason, len(cause.Error()))], "")
	headers := append([]kgo.RecordHeader{}, record.Headers...)
	for _, header := range [][2]string{
		{"dead-letter-reason", reason},
		{"dead-letter-attempts", strconv.Itoa(attempts)},
		{"dead-letter-topic", record.Topic},
		{"dead-letter-partition", strconv.Itoa(int(record.Partition))},
		{"dead-letter-offset", strconv.FormatInt(record.Offset, 10)},
		{"dead-letter-consumer-group", c.settings.ConsumerGroup},
	} {
		headers = append(headers, kgo.RecordHeader{Key: header[0], Value: []byte(header[1])})
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), setAsideTimeout)
	defer cancel()
	dead := &kgo.Record{Topic: c.settings.DeadLetterTopic, Key: record.Key, Value: record.Value, Headers: headers}
	if err := c.client.ProduceSync(ctx, dead).FirstErr(); err != nil {
		return fmt.Errorf("partition %d, offset %d cannot be set aside: %w", record.Partition, record.Offset, err)
	}
	metrics.Count(metrics.DeadLettered, 1)
	slog.Error("set aside", "reason", reason, "attempts", attempts,
		"topic", record.Topic, "partition", record.Partition, "offset", record.Offset, "group", c.settings.ConsumerGroup)
	return nil
}
