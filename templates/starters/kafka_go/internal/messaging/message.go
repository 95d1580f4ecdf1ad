// Package messaging produces to and consumes from one topic on Apache Kafka.
package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"
)

// ErrUnprocessable says that a message will never succeed. Wrap it, and the message is set aside without more attempts.
var ErrUnprocessable = errors.New("unprocessable")

// Message is what a handler is given.
type Message struct {
	Key       string // empty where the record has none
	Value     json.RawMessage
	Topic     string
	Partition int32
	Offset    int64
}

// Handle does the work of one message; see internal/handler.
type Handle func(context.Context, Message) error

func decode(record *kgo.Record) (Message, error) {
	if record.Value != nil && !(utf8.Valid(record.Value) && json.Valid(record.Value)) {
		return Message{}, fmt.Errorf("%w: not JSON in UTF-8", ErrUnprocessable)
	}
	return Message{
		Key:       string(record.Key),
		Value:     record.Value,
		Topic:     record.Topic,
		Partition: record.Partition,
		Offset:    record.Offset,
	}, nil
}
