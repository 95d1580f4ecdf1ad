package messaging

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/settings"
)

// Of one batch: docs.aws.amazon.com, "Amazon SQS message quotas" and "Amazon SNS endpoints and quotas". A topic takes more
// where its MaximumMessageSize was raised.
const (
	maxEntries    = 10
	maxQueueBytes = 1_048_576
	maxTopicBytes = 262_144
)

// An entry of a batch. Group and deduplication are empty on a standard queue.
type entry struct {
	id, body, group, deduplication string
	delaySeconds                   int // only where a queue is sent to directly
}

// What was not taken, by the entry's id.
type refusal struct {
	code       string
	isOurFault bool
	message    string
}

// Where batches go: to the queue, or to the topic.
type destination interface {
	maxBytes() int
	send(ctx context.Context, batch []entry) (map[string]refusal, error)
}

func newDestination(ctx context.Context, s settings.Settings) (destination, error) {
	client, err := newSQS(ctx, s)
	if err != nil {
		return nil, err
	}
	url, err := queueURL(ctx, client, s.QueueName)
	if err != nil || s.TopicName == nil {
		return queue{client, url}, err
	}
	arn, err := topicARN(ctx, client, url, *s.TopicName)
	if err != nil {
		return nil, err
	}
	topics, err := newSNS(ctx, s)
	return topic{topics, arn, max(maxTopicBytes, s.MaxMessageBytes)}, err
}

type queue struct {
	client *sqs.Client
	url    string
}

func (queue) maxBytes() int { return maxQueueBytes }

func (q queue) send(ctx context.Context, batch []entry) (map[string]refusal, error) {
	input := &sqs.SendMessageBatchInput{QueueUrl: &q.url}
	for _, each := range batch {
		input.Entries = append(input.Entries, types.SendMessageBatchRequestEntry{
			Id:                     &each.id,
			MessageBody:            &each.body,
			DelaySeconds:           int32(each.delaySeconds),
			MessageGroupId:         orNil(each.group),
			MessageDeduplicationId: orNil(each.deduplication),
		})
	}
	answer, err := q.client.SendMessageBatch(ctx, input)
	if err != nil {
		return nil, err
	}
	refused := map[string]refusal{}
	for _, failed := range answer.Failed {
		refused[*failed.Id] = refusal{aws.ToString(failed.Code), failed.SenderFault, aws.ToString(failed.Message)}
	}
	return refused, nil
}

type topic struct {
	client *sns.Client
	arn    string
	most   int
}

func (t topic) maxBytes() int { return t.most }

func (t topic) send(ctx context.Context, batch []entry) (map[string]refusal, error) {
	input := &sns.PublishBatchInput{TopicArn: &t.arn}
	for _, each := range batch {
		input.PublishBatchRequestEntries = append(input.PublishBatchRequestEntries, snstypes.PublishBatchRequestEntry{
			Id:                     &each.id,
			Message:                &each.body,
			MessageGroupId:         orNil(each.group),
			MessageDeduplicationId: orNil(each.deduplication),
		})
	}
	answer, err := t.client.PublishBatch(ctx, input)
	var isMissing *snstypes.NotFoundException
	if errors.As(err, &isMissing) {
		return nil, fmt.Errorf("no such topic: %s (make queues creates it)", t.arn)
	}
	if err != nil {
		return nil, err
	}
	refused := map[string]refusal{}
	for _, failed := range answer.Failed {
		refused[*failed.Id] = refusal{aws.ToString(failed.Code), failed.SenderFault, aws.ToString(failed.Message)}
	}
	return refused, nil
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
