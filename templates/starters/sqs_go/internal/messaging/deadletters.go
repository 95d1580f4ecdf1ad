package messaging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"example.com/messaging/internal/metrics"
)

const (
	maxReason     = 500
	maxAttributes = 10 // of one message: docs.aws.amazon.com, "Amazon SQS message metadata"
)

// setAside sends the message, unchanged, to the dead-letter queue, with the reason in its attributes. It returns only
// when SQS has it: the caller deletes the original next. SQS's own redrive stays as the net for consumers that die.
func (c *Consumer) setAside(ctx context.Context, received types.Message, cause error, attempts int) error {
	reason := printable(cause.Error())
	attributes := map[string]types.MessageAttributeValue{}
	maps.Copy(attributes, received.MessageAttributes)
	for _, ours := range [][2]string{
		{"DeadLetterReason", reason},
		{"DeadLetterAttempts", strconv.Itoa(attempts)},
		{"DeadLetterMessageId", *received.MessageId},
	} {
		// In place of what an earlier failure added, or where the sender's leave room.
		if _, isThere := attributes[ours[0]]; isThere || len(attributes) < maxAttributes {
			attributes[ours[0]] = text(ours[1])
		}
	}
	dead := &sqs.SendMessageInput{QueueUrl: &c.deadLetters, MessageBody: received.Body, MessageAttributes: attributes}
	if c.settings.FIFO {
		dead.MessageGroupId = aws.String(received.Attributes[string(types.MessageSystemAttributeNameMessageGroupId)])
		dead.MessageDeduplicationId = received.MessageId
	}
	sent, err := c.client.SendMessage(ctx, dead)
	var refused smithy.APIError
	if errors.As(err, &refused) && strings.HasPrefix(refused.ErrorCode(), "InvalidParameterValue") {
		// Attributes count toward the size: so near the limit only what was received fits. The log has the rest.
		dead.MessageAttributes = received.MessageAttributes
		sent, err = c.client.SendMessage(ctx, dead)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be set aside: %w", *received.MessageId, err)
	}
	metrics.Count(metrics.DeadLettered, 1)
	slog.Error("set aside", "id", *received.MessageId, "dead_letter_id", aws.ToString(sent.MessageId), "reason", reason,
		"attempts", attempts)
	return nil
}

func text(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
}

// SQS refuses control characters, and an empty value.
func printable(reason string) string {
	letters := []rune(strings.Map(func(letter rune) rune {
		if unicode.IsPrint(letter) {
			return letter
		}
		return ' '
	}, reason))
	return string(letters[:min(maxReason, len(letters))])
}
