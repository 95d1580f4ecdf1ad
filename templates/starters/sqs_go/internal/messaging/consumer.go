package messaging

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"

	"example.com/messaging/internal/metrics"
	"example.com/messaging/internal/settings"
)

const pollPatience = 30 * time.Second // beyond the wait of a long poll, with the SDK's attempts

// Consumer has several workers that poll for long. Each handles what it received, then deletes it.
type Consumer struct {
	client      *sqs.Client
	url         string
	deadLetters string
	settings    settings.Settings
	handle      Handle

	polled atomic.Int64 // when a poll last came back, in Unix seconds
	inHand atomic.Int64 // batches that workers are busy with
}

// NewConsumer finds the queues; it fails where they are missing.
func NewConsumer(ctx context.Context, s settings.Settings, handle Handle) (*Consumer, error) {
	client, err := newSQS(ctx, s)
	if err != nil {
		return nil, err
	}
	url, err := queueURL(ctx, client, s.QueueName)
	if err != nil {
		return nil, err
	}
	deadLetters, err := queueURL(ctx, client, s.DeadLetterQueueName)
	if err != nil {
		return nil, err
	}
	c := &Consumer{client: client, url: url, deadLetters: deadLetters, settings: s, handle: handle}
	c.polled.Store(time.Now().Unix())
	return c, nil
}

// Run returns nil after the context ended, and otherwise what ended a worker, after the others have stopped.
func (c *Consumer) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for range c.settings.WorkerCount {
		group.Go(func() error { return c.work(ctx) })
	}
	return group.Wait()
}

// IsAlive is false when no poll came back lately although no worker has anything in hand.
func (c *Consumer) IsAlive() bool {
	longest := time.Duration(c.settings.WaitTimeSeconds)*time.Second + pollPatience
	return c.inHand.Load() > 0 || time.Since(time.Unix(c.polled.Load(), 0)) <= longest
}

// A stop lets a worker finish what it has begun; all requests outlive the context that says so.
func (c *Consumer) work(ctx context.Context) error {
	lasting := context.WithoutCancel(ctx)
	for ctx.Err() == nil {
		// Not cancelled by a stop: SQS could have given messages out that then nobody sees until their timeout.
		messages, err := c.receive(lasting)
		if err != nil {
			return err
		}
		c.polled.Store(time.Now().Unix())
		if len(messages) > 0 {
			if err := c.finishAll(ctx, lasting, messages); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Consumer) receive(ctx context.Context) ([]types.Message, error) {
	answer, err := c.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:            &c.url,
		MaxNumberOfMessages: int32(c.settings.BatchSize),
		WaitTimeSeconds:     int32(c.settings.WaitTimeSeconds),
		VisibilityTimeout:   int32(c.settings.VisibilityTimeoutSeconds),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{
			types.MessageSystemAttributeNameApproximateReceiveCount,
			types.MessageSystemAttributeNameMessageGroupId,
		},
		MessageAttributeNames: []string{"All"},
	})
	if err != nil {
		return nil, err
	}
	metrics.Count(metrics.Received, len(answer.Messages))
	return answer.Messages, nil
}

func (c *Consumer) finishAll(stop, ctx context.Context, messages []types.Message) (err error) {
	c.inHand.Add(1)
	defer c.inHand.Add(-1)
	held := newHold(ctx, c.client, c.url, messages, c.settings.VisibilityTimeoutSeconds)
	defer func() {
		if ended := held.end(ctx); err == nil {
			err = ended
		}
	}()
	for _, message := range messages {
		if stop.Err() != nil {
			return nil // the end of the hold gives back what was not handled
		}
		if err := c.finish(stop, ctx, held, message); err != nil {
			return err
		}
	}
	return nil
}
