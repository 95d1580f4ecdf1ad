// Package messaging sends to and receives from one Amazon SQS queue, or sends to an SNS topic that feeds queues.
package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// ErrUnprocessable says that a message will never succeed. Wrap it, and the message is set aside without more attempts.
var ErrUnprocessable = errors.New("unprocessable")

// Message is what a handler is given.
type Message struct {
	ID           string
	Body         json.RawMessage
	Group        string // empty on a standard queue
	ReceiveCount int
}

// Handle does the work of one message; see internal/handler.
type Handle func(context.Context, Message) error

func decode(received types.Message) (Message, error) {
	if !json.Valid([]byte(*received.Body)) {
		return Message{}, fmt.Errorf("%w: not JSON", ErrUnprocessable)
	}
	return Message{
		ID:           *received.MessageId,
		Body:         json.RawMessage(*received.Body),
		Group:        received.Attributes[string(types.MessageSystemAttributeNameMessageGroupId)],
		ReceiveCount: receiveCount(received),
	}, nil
}

func receiveCount(received types.Message) int {
	name := string(types.MessageSystemAttributeNameApproximateReceiveCount)
	count, _ := strconv.Atoi(received.Attributes[name]) // always asked for, and always a number
	return count
}
