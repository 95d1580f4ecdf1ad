package messaging

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/metrics"
)

// HandleBatch is AWS Lambda's way in: the handler gets each message of a batch, and those that are to come again are
// returned; in a FIFO queue with those of their group behind them, so that order is kept.
//
// Lambda polls, deletes what is not returned, and gets the rest again after the visibility timeout, so nothing here
// does. Its event source mapping must have ReportBatchItemFailures: without that, what is returned is deleted as well.
func (c *Consumer) HandleBatch(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	metrics.Count(metrics.Received, len(event.Records))
	failed := []events.SQSBatchItemFailure{}
	waiting := map[string]bool{}
	for _, record := range event.Records {
		group := ""
		if c.settings.FIFO {
			group = record.Attributes[string(types.MessageSystemAttributeNameMessageGroupId)]
		}
		if waiting[group] || !c.isDone(ctx, asReceived(record)) {
			failed = append(failed, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
			waiting[group] = group != ""
		}
	}
	return events.SQSEventResponse{BatchItemFailures: failed}, nil
}

// Handled or set aside.
func (c *Consumer) isDone(ctx context.Context, received types.Message) bool {
	attempt := receiveCount(received)
	err := c.attempt(ctx, received)
	if err == nil {
		metrics.Count(metrics.Handled, 1)
		return true
	}
	if errors.Is(err, ErrUnprocessable) || attempt >= c.settings.MaxReceiveCount {
		if err = c.setAside(ctx, received, err, attempt); err == nil {
			return true
		}
	}
	metrics.Count(metrics.Retried, 1)
	slog.Warn("failed, will be tried again", "id", *received.MessageId, "attempt", attempt, "error", err.Error())
	return false
}

// The same message as SQS itself has it; Lambda writes other names.
func asReceived(record events.SQSMessage) types.Message {
	attributes := map[string]types.MessageAttributeValue{}
	for name, value := range record.MessageAttributes {
		attributes[name] = types.MessageAttributeValue{
			DataType: &value.DataType, StringValue: value.StringValue, BinaryValue: value.BinaryValue,
		}
	}
	return types.Message{
		MessageId:         &record.MessageId,
		Body:              &record.Body,
		Attributes:        record.Attributes,
		MessageAttributes: attributes,
	}
}
