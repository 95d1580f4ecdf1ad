package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"time"

	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

// Sends sample messages, or with --stdin the lines it is given; an error if one was not taken.
func send(ctx context.Context, s settings.Settings, arguments []string) error {
	flags := flag.NewFlagSet("send", flag.ExitOnError)
	count := flags.Int("count", 10, "how many sample messages")
	isStdin := flags.Bool("stdin", false, `read {"body": ..., "group": ..., "deduplication_id": ..., "delay_seconds": ...} lines instead`)
	_ = flags.Parse(arguments) // it exits on an error
	messages := samples(*count)
	if *isStdin {
		messages = read(os.Stdin)
	}
	producer, err := messaging.NewProducer(ctx, s)
	if err != nil {
		return err
	}
	sent := 0
	for message, err := range messages {
		if err != nil {
			return errors.Join(err, producer.Flush(ctx))
		}
		if err := producer.Send(ctx, message); err != nil {
			return err
		}
		sent++
	}
	if err := producer.Flush(ctx); err != nil {
		return err
	}
	slog.Info("sent", "messages", sent)
	return nil
}

// No two runs are alike: content-based de-duplication would drop the second.
func samples(count int) iter.Seq2[messaging.Outgoing, error] {
	return func(yield func(messaging.Outgoing, error) bool) {
		now := time.Now()
		for number := range count {
			body := map[string]any{"sequence": number, "sent_at": now}
			if !yield(messaging.Outgoing{Body: body, Group: fmt.Sprintf("group-%d", number%5)}, nil) {
				return
			}
		}
	}
}

type line struct {
	Body            json.RawMessage `json:"body"`
	Group           string          `json:"group"`
	DeduplicationID string          `json:"deduplication_id"`
	DelaySeconds    int             `json:"delay_seconds"`
}

func read(input io.Reader) iter.Seq2[messaging.Outgoing, error] {
	return func(yield func(messaging.Outgoing, error) bool) {
		decoder := json.NewDecoder(bufio.NewReader(input))
		for {
			var next line
			err := decoder.Decode(&next)
			if err == nil && next.Body == nil {
				err = errors.New("a line has no body")
			}
			message := messaging.Outgoing{
				Body: next.Body, Group: next.Group, DeduplicationID: next.DeduplicationID, DelaySeconds: next.DelaySeconds,
			}
			if errors.Is(err, io.EOF) || !yield(message, err) || err != nil {
				return
			}
		}
	}
}
