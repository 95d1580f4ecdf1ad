package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/bridge/internal/metrics"
)

const setAsideTimeout = 30 * time.Second

// A record that SQS will never take, and why.
type refusal struct {
	record *kgo.Record
	reason string
}

func sort(records []*kgo.Record) (sendable []*kgo.Record, never []refusal) {
	for _, record := range records {
		if reason := whyNever(record.Value); reason != "" {
			never = append(never, refusal{record, reason})
		} else {
			sendable = append(sendable, record)
		}
	}
	return sendable, never
}

// setAside writes records unchanged to the dead-letter topic, with the reason and their origin in the headers. The
// caller commits next, so the broker has confirmed by then.
func (b *Bridge) setAside(ctx context.Context, refusals []refusal) error {
	var dead []*kgo.Record
	for _, each := range refusals {
		dead = append(dead, b.deadLetter(each.record, each.reason))
	}
	ctx, cancel := context.WithTimeout(ctx, setAsideTimeout)
	defer cancel()
	if err := b.client.ProduceSync(ctx, dead...).FirstErr(); err != nil {
		return fmt.Errorf("records cannot be set aside: %w", err)
	}
	metrics.Count(metrics.DeadLettered, len(dead))
	for _, each := range refusals {
		slog.Error("set aside", "reason", each.reason, "partition", each.record.Partition, "offset", each.record.Offset)
	}
	return nil
}

func (b *Bridge) deadLetter(record *kgo.Record, reason string) *kgo.Record {
	headers := append([]kgo.RecordHeader{}, record.Headers...)
	for _, header := range [][2]string{
		{"dead-letter-reason", reason},
		{"dead-letter-attempts", "1"},
		{"dead-letter-topic", record.Topic},
		{"dead-letter-partition", strconv.Itoa(int(record.Partition))},
		{"dead-letter-offset", strconv.FormatInt(record.Offset, 10)},
		{"dead-letter-consumer-group", b.settings.BridgeGroup},
	} {
		headers = append(headers, kgo.RecordHeader{Key: header[0], Value: []byte(header[1])})
	}
	return &kgo.Record{Topic: b.settings.DeadLetterTopic, Key: record.Key, Value: record.Value, Headers: headers}
}

// whyNever is empty for what a queue may take: text, some of it, and of at most a mebibyte.
func whyNever(value []byte) string {
	switch {
	case len(value) == 0:
		return "SQS takes no empty message"
	case len(value) > maxBytes:
		return fmt.Sprintf("%d bytes are more than SQS takes", len(value))
	case !isText(value):
		return "SQS takes text in UTF-8 without control characters"
	}
	return ""
}

func isText(value []byte) bool {
	for _, letter := range string(value) {
		isControl := letter < ' ' && letter != '\t' && letter != '\n' && letter != '\r'
		if isControl || letter == 0xfffe || letter == 0xffff {
			return false
		}
	}
	return utf8.Valid(value)
}
