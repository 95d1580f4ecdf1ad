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

	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

type line struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Sends sample records, or with --stdin the lines it is given; an error if one was not confirmed.
func send(ctx context.Context, s settings.Settings, arguments []string) (err error) {
	flags := flag.NewFlagSet("send", flag.ExitOnError)
	count := flags.Int("count", 10, "how many sample records")
	isStdin := flags.Bool("stdin", false, `read {"key": ..., "value": ...} lines instead`)
	_ = flags.Parse(arguments) // it exits on an error
	lines := samples(*count)
	if *isStdin {
		lines = read(os.Stdin)
	}
	if err := messaging.RequireTopics(ctx, s, s.Topic); err != nil {
		return err
	}
	producer, err := messaging.NewProducer(ctx, s)
	if err != nil {
		return err
	}
	sent := 0
	defer func() {
		err = errors.Join(err, producer.Close())
		if err == nil {
			slog.Info("sent", "records", sent)
		}
	}()
	for line, err := range lines {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if err := producer.Send(ctx, line.Key, line.Value); err != nil {
			return err
		}
		sent++
	}
	return nil
}

func samples(count int) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		for number := range count {
			value := json.RawMessage(fmt.Sprintf(`{"sequence": %d}`, number))
			if !yield(line{Key: fmt.Sprintf("key-%d", number%5), Value: value}, nil) {
				return
			}
		}
	}
}

func read(input io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		decoder := json.NewDecoder(bufio.NewReader(input))
		for {
			var next line
			err := decoder.Decode(&next)
			if err == nil && next.Value == nil {
				err = errors.New("a line has no value")
			}
			if errors.Is(err, io.EOF) || !yield(next, err) || err != nil {
				return
			}
		}
	}
}
