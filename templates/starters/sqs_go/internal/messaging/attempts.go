package messaging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/metrics"
)

// finish returns when the message is handled, set aside or given back, or when a stop came first.
func (c *Consumer) finish(stop, ctx context.Context, held *hold, received types.Message) error {
	attempt := receiveCount(received)
	if c.settings.FIFO {
		attempt = 1
	}
	for ; ; attempt++ {
		err := c.attempt(ctx, received)
		if err == nil {
			metrics.Count(metrics.Handled, 1)
			held.finished(received)
			return nil
		}
		if errors.Is(err, ErrUnprocessable) || attempt >= c.settings.MaxReceiveCount {
			if err := c.setAside(ctx, received, err, attempt); err != nil {
				return err
			}
			held.finished(received)
			return nil
		}
		metrics.Count(metrics.Retried, 1)
		slog.Warn("failed, will be tried again", "id", *received.MessageId, "attempt", attempt, "error", err.Error())
		pause := c.pause(attempt)
		if !c.settings.FIFO {
			held.letGo(ctx, received, pause)
			return nil
		}
		// Given back, it would keep its group waiting just the same, and use up the receives of those behind it.
		select {
		case <-stop.Done():
			return nil
		case <-time.After(time.Duration(pause) * time.Second):
		}
	}
}

// 1, 2, 4 ... seconds, but no more than the visibility timeout.
func (c *Consumer) pause(attempt int) int {
	longest := c.settings.VisibilityTimeoutSeconds
	if attempt > 16 { // 2^16 s is beyond the longest timeout
		return longest
	}
	return min(1<<(attempt-1), longest)
}

// A panic of the handler is one failed attempt: else one bad message would take down every consumer in turn.
func (c *Consumer) attempt(ctx context.Context, received types.Message) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			slog.Error("the handler panicked", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	message, err := decode(received)
	if err != nil {
		return err
	}
	return c.handle(ctx, message)
}
