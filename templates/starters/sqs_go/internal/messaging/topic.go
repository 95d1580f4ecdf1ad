package messaging

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/messaging/internal/settings"
)

// The topic lies beside the queue, in its account and Region.
func topicARN(ctx context.Context, client *sqs.Client, url, name string) (string, error) {
	queue, err := queueARN(ctx, client, url)
	if err != nil {
		return "", err
	}
	topic, err := arn.Parse(queue)
	topic.Service, topic.Resource = "sns", name
	return topic.String(), err
}

// Makes the topic, lets it send to the queue, and subscribes the queue: bodies arrive as they were published.
func subscribe(ctx context.Context, client *sqs.Client, url string, s settings.Settings) error {
	topics, err := newSNS(ctx, s)
	if err != nil {
		return err
	}
	kind := map[string]string{}
	if s.FIFO {
		kind["FifoTopic"] = "true"
		kind["ContentBasedDeduplication"] = strconv.FormatBool(s.ContentBasedDeduplication)
	}
	if s.HighThroughputFIFO {
		kind["FifoThroughputScope"] = "MessageGroup"
	}
	made, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: s.TopicName, Attributes: kind})
	if err != nil {
		return fmt.Errorf("topic %s: %w", *s.TopicName, err)
	}
	queue, err := queueARN(ctx, client, url)
	if err != nil {
		return err
	}
	policy, err := json.Marshal(letSend(*made.TopicArn, queue))
	if err != nil {
		return err
	}
	allowed := map[string]string{"Policy": string(policy)}
	if _, err := client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: allowed}); err != nil {
		return err
	}
	_, err = topics.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn:   made.TopicArn,
		Protocol:   aws.String("sqs"),
		Endpoint:   &queue,
		Attributes: map[string]string{"RawMessageDelivery": "true"},
	})
	if err == nil {
		slog.Info("subscribed", "topic", *s.TopicName, "queue", s.QueueName)
	}
	return err
}

func letSend(topic, queue string) map[string]any {
	return map[string]any{
		"Version": "2012-10-17",
		"Statement": []map[string]any{{
			"Effect":    "Allow",
			"Principal": map[string]string{"Service": "sns.amazonaws.com"},
			"Action":    "sqs:SendMessage",
			"Resource":  queue,
			"Condition": map[string]any{"ArnEquals": map[string]string{"aws:SourceArn": topic}},
		}},
	}
}
