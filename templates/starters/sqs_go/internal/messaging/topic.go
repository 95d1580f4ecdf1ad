package messaging

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

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
	if s.MaxMessageBytes > maxTopicBytes {
		most := &sns.SetTopicAttributesInput{
			TopicArn:       made.TopicArn,
			AttributeName:  aws.String("MaximumMessageSize"),
			AttributeValue: aws.String(strconv.Itoa(s.MaxMessageBytes)),
		}
		if _, err := topics.SetTopicAttributes(ctx, most); err != nil {
			return fmt.Errorf("topic %s: %w", *s.TopicName, err)
		}
	}
	queue, err := letSend(ctx, client, url, *made.TopicArn)
	if err != nil {
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

type policy struct {
	Version   string
	Statement []map[string]any
}

// Adds to the queue's policy that this topic may send, where that does not stand there yet; returns the queue's ARN.
func letSend(ctx context.Context, client *sqs.Client, url, topic string) (string, error) {
	asked := []types.QueueAttributeName{types.QueueAttributeNameQueueArn, types.QueueAttributeNamePolicy}
	found, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: asked})
	if err != nil {
		return "", err
	}
	queue, written := found.Attributes["QueueArn"], found.Attributes["Policy"]
	if strings.Contains(written, strconv.Quote(topic)) {
		return queue, nil
	}
	allowed := policy{Version: "2012-10-17"}
	if written != "" {
		if err := json.Unmarshal([]byte(written), &allowed); err != nil {
			return "", fmt.Errorf("policy of the queue: %w", err)
		}
	}
	allowed.Statement = append(allowed.Statement, map[string]any{
		"Effect":    "Allow",
		"Principal": map[string]string{"Service": "sns.amazonaws.com"},
		"Action":    "sqs:SendMessage",
		"Resource":  queue,
		"Condition": map[string]any{"ArnEquals": map[string]string{"aws:SourceArn": topic}},
	})
	text, err := json.Marshal(allowed)
	if err != nil {
		return "", err
	}
	changed := map[string]string{"Policy": string(text)}
	_, err = client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: changed})
	return queue, err
}
