package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/settings"
)

// CreateQueues creates the queue and its dead-letter queue, or brings their attributes up to the settings; where a
// topic is named, it also makes that and subscribes the queue. Safe to run again.
func CreateQueues(ctx context.Context, s settings.Settings) error {
	client, err := newSQS(ctx, s)
	if err != nil {
		return err
	}
	dead := map[string]string{"MessageRetentionPeriod": strconv.Itoa(s.DeadLetterRetentionSeconds)}
	deadURL, err := createQueue(ctx, client, s.DeadLetterQueueName, dead, s)
	if err != nil {
		return err
	}
	deadARN, err := queueARN(ctx, client, deadURL)
	if err != nil {
		return err
	}
	attributes, err := queueAttributes(s, deadARN)
	if err != nil {
		return err
	}
	url, err := createQueue(ctx, client, s.QueueName, attributes, s)
	if err != nil || s.TopicName == nil {
		return err
	}
	return subscribe(ctx, client, url, s)
}

// DeleteQueues takes them away with all that is in them; only the bench and tests do that.
func DeleteQueues(ctx context.Context, s settings.Settings) error {
	client, err := newSQS(ctx, s)
	if err != nil {
		return err
	}
	for _, name := range []string{s.QueueName, s.DeadLetterQueueName} {
		url, err := queueURL(ctx, client, name)
		if err != nil {
			return err
		}
		if _, err := client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
			return err
		}
	}
	return nil
}

func queueAttributes(s settings.Settings, deadARN string) (map[string]string, error) {
	redrive, err := json.Marshal(map[string]any{"deadLetterTargetArn": deadARN, "maxReceiveCount": s.MaxReceiveCount})
	attributes := map[string]string{
		"VisibilityTimeout":             strconv.Itoa(s.VisibilityTimeoutSeconds),
		"MessageRetentionPeriod":        strconv.Itoa(s.MessageRetentionSeconds),
		"ReceiveMessageWaitTimeSeconds": strconv.Itoa(s.WaitTimeSeconds),
		"DelaySeconds":                  strconv.Itoa(s.QueueDelaySeconds()),
		"RedrivePolicy":                 string(redrive),
	}
	if s.FIFO {
		attributes["ContentBasedDeduplication"] = strconv.FormatBool(s.ContentBasedDeduplication)
	}
	if s.HighThroughputFIFO {
		attributes["DeduplicationScope"] = "messageGroup"
		attributes["FifoThroughputLimit"] = "perMessageGroupId"
	}
	return attributes, err
}

func createQueue(
	ctx context.Context, client *sqs.Client, name string, attributes map[string]string, s settings.Settings,
) (string, error) {
	asked := maps.Clone(attributes)
	if s.FIFO {
		asked["FifoQueue"] = "true"
	}
	made, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: asked})
	var isOther *types.QueueNameExists // with other attributes
	if errors.As(err, &isOther) {
		return changeQueue(ctx, client, name, attributes)
	}
	if err != nil {
		return "", err
	}
	slog.Info("there", "queue", name, "attributes", asked)
	return *made.QueueUrl, nil
}

func changeQueue(ctx context.Context, client *sqs.Client, name string, attributes map[string]string) (string, error) {
	url, err := queueURL(ctx, client, name)
	if err != nil {
		return "", err
	}
	_, err = client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: attributes})
	if err == nil {
		slog.Warn("attributes changed", "queue", name, "attributes", attributes)
	}
	return url, err
}
