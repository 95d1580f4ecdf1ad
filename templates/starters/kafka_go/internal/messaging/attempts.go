package messaging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/messaging/internal/metrics"
)

// finish is true when the record needs no more work and may be committed, false when a stop came first.
func (c *Consumer) finish(ctx context.Context, record *kgo.Record) (bool, error) {
	metrics.Count(metrics.Received, 1)
	pause := time.Duration(c.settings.RetryBackoffMS) * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := c.attempt(ctx, record)
		if err == nil {
			metrics.Count(metrics.Handled, 1)
			return true, nil
		}
		if errors.Is(err, ErrUnprocessable) || attempt >= c.settings.MaxAttempts {
			return true, c.setAside(ctx, record, err, attempt)
		}
		metrics.Count(metrics.Retried, 1)
		slog.Warn("failed, will be tried again",
			"partition", record.Partition, "offset", record.Offset, "attempt", attempt, "error", err.Error())
		select {
		case <-ctx.Done():
			return false, nil
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// The handler may finish what it has begun after a stop, but not take for ever. Its panic is one failed attempt: else
// one bad record would take down every consumer in turn.
func (c *Consumer) attempt(ctx context.Context, record *kgo.Record) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			slog.Error("the handler panicked", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	message, err := decode(record)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.patience())
	defer cancel()
	return c.handle(ctx, message)
}
