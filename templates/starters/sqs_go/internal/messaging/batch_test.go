package messaging_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

// One message of an event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
func record(id, body string, receives int, group, values string) string {
	ordered := ""
	if group != "" {
		ordered = fmt.Sprintf(`, "SequenceNumber": "18849496460467696128", "MessageGroupId": %q,
			"MessageDeduplicationId": %q`, group, id)
	}
	return fmt.Sprintf(`{
		"messageId": %q,
		"receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
		"body": %q,
		"attributes": {
			"ApproximateReceiveCount": "%d",
			"SentTimestamp": "1573251510774",
			"SenderId": "AIDAIO23YVJENQZJOL4VO",
			"ApproximateFirstReceiveTimestamp": "1573251510774"%s
		},
		"messageAttributes": {%s},
		"md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
		"eventSource": "aws:sqs",
		"eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs",
		"awsRegion": "us-east-1"
	}`, id, body, receives, ordered, values)
}

// The ids of what is to come again.
func returned(t *testing.T, s settings.Settings, handle messaging.Handle, records ...string) string {
	t.Helper()
	var event events.SQSEvent
	if err := json.Unmarshal([]byte(`{"Records": [`+strings.Join(records, ",")+`]}`), &event); err != nil {
		t.Fatal(err)
	}
	consumer, err := messaging.NewConsumer(t.Context(), s, handle)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := consumer.HandleBatch(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(written)
}

func failures(ids ...string) string {
	items := []string{}
	for _, id := range ids {
		items = append(items, fmt.Sprintf(`{"itemIdentifier":%q}`, id))
	}
	return `{"batchItemFailures":[` + strings.Join(items, ",") + `]}`
}

// A handler that keeps what it gets, and fails on one.
func failingOn(id string, err error) (*[]messaging.Message, messaging.Handle) {
	got := &[]messaging.Message{}
	return got, func(_ context.Context, message messaging.Message) error {
		*got = append(*got, message)
		if message.ID == id {
			return err
		}
		return nil
	}
}

func ids(got *[]messaging.Message) (ids []string) {
	for _, message := range *got {
		ids = append(ids, message.ID)
	}
	return ids
}

func setAside(t *testing.T, s settings.Settings) map[string]map[string]types.MessageAttributeValue {
	t.Helper()
	client, url := client(t, s, s.DeadLetterQueueName)
	answer, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: url, WaitTimeSeconds: 1, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]types.MessageAttributeValue{}
	for _, message := range answer.Messages {
		found[*message.Body] = message.MessageAttributes
	}
	return found
}

func TestOfABatchOnlyWhatFailedComesAgain(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	got, handle := failingOn("2", errors.New("not yet"))
	answer := returned(t, s, handle,
		record("1", "1", 1, "", ""), record("2", `"bad"`, 2, "", ""), record("3", "3", 1, "", ""))
	equal(t, "returned", answer, failures("2"))
	equal(t, "handled", ids(got), []string{"1", "2", "3"})
	second := (*got)[1]
	equal(t, "body", string(second.Body), `"bad"`)
	equal(t, "receives", second.ReceiveCount, 2)
	equal(t, "group", second.Group, "")
	equal(t, "set aside", len(setAside(t, s)), 0)
}

func TestOfABatchWhatFailedForTheLastTimeOrCanNeverSucceedIsSetAsideWithItsReason(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	_, handle := failingOn("1", errors.New("no such invoice"))
	values := `"shop": {"stringValue": "9", "stringListValues": [], "binaryListValues": [], "dataType": "Number"},
		"seal": {"binaryValue": "AP8=", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"}`
	answer := returned(t, s, handle,
		record("1", `"last"`, s.MaxReceiveCount, "", values), record("2", "not json", 1, "", ""))
	equal(t, "returned", answer, failures())
	aside := setAside(t, s)
	last, never := aside[`"last"`], aside["not json"]
	if last == nil || never == nil {
		t.Fatalf("set aside: %v", aside)
	}
	equal(t, "reason", *last["DeadLetterReason"].StringValue, "no such invoice")
	equal(t, "attempts", *last["DeadLetterAttempts"].StringValue, s.MaxReceiveCount)
	equal(t, "shop", *last["shop"].DataType+" "+*last["shop"].StringValue, "Number 9")
	equal(t, "seal", last["seal"].BinaryValue, []byte{0, 255})
	equal(t, "reason", *never["DeadLetterReason"].StringValue, "unprocessable: not JSON")
}

func TestOfABatchWhatCannotBeSetAsideComesAgain(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, true)
	s.FIFO = false // its dead-letter queue refuses what has no group
	_, handle := failingOn("", nil)
	answer := returned(t, s, handle, record("1", "not json", 1, "", ""), record("2", "2", 1, "", ""))
	equal(t, "returned", answer, failures("1"))
}

func TestOfABatchAMessageThatPanicsComesAgainAlone(t *testing.T) {
	t.Parallel()
	handle := func(_ context.Context, message messaging.Message) error {
		if message.ID == "1" {
			panic("not yet")
		}
		return nil
	}
	answer := returned(t, ownQueues(t, false), handle, record("1", "1", 1, "", ""), record("2", "2", 1, "", ""))
	equal(t, "returned", answer, failures("1"))
}

func TestOfAFIFOBatchAMessageThatComesAgainTakesThoseOfItsGroupBehindItAlong(t *testing.T) {
	t.Parallel()
	got, handle := failingOn("a2", errors.New("not yet"))
	var batch []string
	for _, id := range []string{"a1", "a2", "b1", "a3", "b2", "a4"} {
		batch = append(batch, record(id, "1", 1, id[:1], ""))
	}
	equal(t, "returned", returned(t, ownQueues(t, true), handle, batch...), failures("a2", "a3", "a4"))
	equal(t, "handled", ids(got), []string{"a1", "a2", "b1", "b2"})
}

func TestOfAFIFOBatchAMessageThatIsSetAsideHoldsUpNobody(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, true)
	_, handle := failingOn("a1", messaging.ErrUnprocessable)
	equal(t, "returned", returned(t, s, handle, record("a1", "1", 1, "a", ""), record("a2", "2", 1, "a", "")), failures())
	equal(t, "set aside", len(setAside(t, s)), 1)
}

func TestOfABatchGroupsOfAStandardQueueAreNoOrder(t *testing.T) {
	t.Parallel()
	_, handle := failingOn("1", errors.New("not yet"))
	answer := returned(t, ownQueues(t, false), handle, record("1", "1", 1, "x", ""), record("2", "2", 1, "x", ""))
	equal(t, "returned", answer, failures("1"))
}
