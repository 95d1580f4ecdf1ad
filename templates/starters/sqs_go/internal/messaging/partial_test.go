package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/settings"
)

// A batch of which SQS takes only a part: no local server does that, so a small one here gives its answers, in the
// protocol of SQS and to the real client.
type stub struct {
	asked  []string // the actions, each with the ids of its entries
	refuse func(action string, number int, ids []string) []types.BatchResultErrorEntry
}

func (s *stub) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	_, action, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	if action == "GetQueueUrl" {
		fmt.Fprintf(answer, `{"QueueUrl": "http://%s/queue"}`, request.Host)
		return
	}
	var body struct {
		Entries           []struct{ Id string }
		MessageAttributes map[string]any
	}
	if err := json.NewDecoder(request.Body).Decode(&body); err != nil {
		http.Error(answer, err.Error(), http.StatusBadRequest)
		return
	}
	if action == "SendMessage" {
		s.sendOne(answer, slices.Sorted(maps.Keys(body.MessageAttributes)))
		return
	}
	var ids []string
	for _, each := range body.Entries {
		ids = append(ids, each.Id)
	}
	failed := s.refuse(action, len(s.asked), ids)
	s.asked = append(s.asked, action+" "+strings.Join(ids, " "))
	_ = json.NewEncoder(answer).Encode(map[string]any{"Successful": []any{}, "Failed": failed})
}

// Refuses as SQS does what is too large: here any message with a reason.
func (s *stub) sendOne(answer http.ResponseWriter, attributes []string) {
	s.asked = append(s.asked, "SendMessage "+strings.Join(attributes, " "))
	if slices.Contains(attributes, "DeadLetterReason") {
		answer.Header().Set("X-Amzn-Query-Error", "InvalidParameterValue;Sender")
		answer.WriteHeader(http.StatusBadRequest)
		_, _ = answer.Write([]byte(`{"__type": "com.amazon.coral.service#InvalidParameterValueException"}`))
		return
	}
	_, _ = answer.Write([]byte(`{"MessageId": "d1"}`))
}

func (s *stub) start(t *testing.T) settings.Settings {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return settings.Settings{QueueName: "queue", Region: "us-east-1", EndpointURL: &server.URL, WorkerCount: 1}
}

func failure(id string, isOurFault bool) types.BatchResultErrorEntry {
	return types.BatchResultErrorEntry{Id: &id, SenderFault: isOurFault, Code: aws.String("InternalError")}
}

func newStubProducer(t *testing.T, s *stub) (*Producer, []string) {
	t.Helper()
	producer, err := NewProducer(t.Context(), s.start(t))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for number := range 2 {
		if err := producer.Send(t.Context(), Outgoing{Body: number}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, producer.batch[number].id)
	}
	return producer, ids
}

func TestOnlyWhatWasRefusedIsSentAgain(t *testing.T) {
	s := &stub{refuse: func(_ string, number int, ids []string) []types.BatchResultErrorEntry {
		if number == 0 {
			return []types.BatchResultErrorEntry{failure(ids[0], false)}
		}
		return nil
	}}
	producer, ids := newStubProducer(t, s)
	if err := producer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"SendMessageBatch " + strings.Join(ids, " "), "SendMessageBatch " + ids[0]}
	if !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}

func TestNoBatchCarriesTwoMessagesOfOneFIFOGroup(t *testing.T) {
	s := &stub{refuse: func(string, int, []string) []types.BatchResultErrorEntry { return nil }}
	at := s.start(t)
	at.FIFO = true
	producer, err := NewProducer(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range []string{"a", "b", "a", "a"} {
		if err := producer.Send(t.Context(), Outgoing{Body: 1, Group: group}); err != nil {
			t.Fatal(err)
		}
	}
	if err := producer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, asked := range s.asked {
		sizes = append(sizes, len(strings.Fields(asked))-1)
	}
	if !slices.Equal(sizes, []int{2, 1, 1}) {
		t.Errorf("batches of %v", sizes)
	}
}

func TestWhatIsRefusedForEverIsReported(t *testing.T) {
	for _, isOurFault := range []bool{true, false} {
		s := &stub{refuse: func(_ string, _ int, ids []string) []types.BatchResultErrorEntry {
			return []types.BatchResultErrorEntry{failure(ids[0], isOurFault)}
		}}
		producer, _ := newStubProducer(t, s)
		if err := producer.Flush(t.Context()); !errors.Is(err, ErrSendFailed) {
			t.Errorf("found %v", err)
		}
		if wanted := map[bool]int{true: 1, false: sendAttempts}[isOurFault]; len(s.asked) != wanted {
			t.Errorf("asked %v", s.asked)
		}
	}
}

func TestWhatSendReportsAsNotSentIsNotSentLater(t *testing.T) {
	s := &stub{refuse: func(_ string, number int, ids []string) []types.BatchResultErrorEntry {
		if number == 0 {
			return []types.BatchResultErrorEntry{failure(ids[0], true)}
		}
		return nil
	}}
	producer, _ := newStubProducer(t, s)
	var err error
	for number := 2; err == nil; number++ {
		err = producer.Send(t.Context(), Outgoing{Body: number})
	}
	if err := producer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(s.asked) != 1 {
		t.Errorf("asked %v", s.asked)
	}
}

// A context that ends within the pause after the next answer, when soon was called for that.
func endingSoon(t *testing.T) (ctx context.Context, soon func()) {
	ctx, cancel := context.WithCancel(t.Context())
	return ctx, func() { time.AfterFunc(100*time.Millisecond, cancel) }
}

func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestWhatOneFlushCouldNotSendIsSentByTheNextBeforeAnythingLater(t *testing.T) {
	ctx, soon := endingSoon(t)
	s := &stub{refuse: func(_ string, number int, ids []string) []types.BatchResultErrorEntry {
		if number == 0 {
			soon()
			return []types.BatchResultErrorEntry{failure(ids[1], false)}
		}
		return nil
	}}
	producer, ids := newStubProducer(t, s)
	if err := producer.Flush(ctx); !errors.Is(err, ErrSendFailed) || !strings.Contains(err.Error(), "1 messages") {
		t.Errorf("found %v", err)
	}
	if err := producer.Send(t.Context(), Outgoing{Body: "later"}); err != nil {
		t.Fatal(err)
	}
	later := producer.batch[len(producer.batch)-1].id
	if err := producer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"SendMessageBatch " + strings.Join(ids, " "), "SendMessageBatch " + ids[1] + " " + later}
	if !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}

func TestAGroupWaitsForItsMessageThatWasNotSent(t *testing.T) {
	s := &stub{refuse: func(string, int, []string) []types.BatchResultErrorEntry { return nil }}
	at := s.start(t)
	at.FIFO = true
	producer, err := NewProducer(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if err := producer.Send(t.Context(), Outgoing{Body: 1, Group: "a"}); err != nil {
		t.Fatal(err)
	}
	first := slices.Clone(producer.batch)
	for range 2 {
		if err := producer.Send(ended(t), Outgoing{Body: 2, Group: "a"}); !errors.Is(err, ErrSendFailed) {
			t.Errorf("found %v", err)
		}
		if !slices.Equal(producer.batch, first) {
			t.Errorf("waiting %v", producer.batch)
		}
	}
	if err := producer.Send(t.Context(), Outgoing{Body: 2, Group: "a"}); err != nil {
		t.Fatal(err)
	}
	if len(producer.batch) != 1 || producer.batch[0].body != "2" {
		t.Errorf("waiting %v", producer.batch)
	}
	if wanted := []string{"SendMessageBatch " + first[0].id}; !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}

func TestWhatDoesNotFitBesideWhatWasNotSentIsNotTaken(t *testing.T) {
	producer, _ := newStubProducer(t, &stub{})
	for number := 2; number < maxEntries; number++ {
		if err := producer.Send(t.Context(), Outgoing{Body: number}); err != nil {
			t.Fatal(err)
		}
	}
	full := slices.Clone(producer.batch)
	for range 2 {
		if err := producer.Send(ended(t), Outgoing{Body: "one more"}); !errors.Is(err, ErrSendFailed) {
			t.Errorf("found %v", err)
		}
	}
	if !slices.Equal(producer.batch, full) {
		t.Errorf("waiting %v", producer.batch)
	}
}

func TestAMessageThatCanNeverBeSentComesWithTheErrorAndWhatCameBesideItIsSent(t *testing.T) {
	s := &stub{refuse: func(_ string, number int, ids []string) []types.BatchResultErrorEntry {
		if number == 0 {
			return []types.BatchResultErrorEntry{failure(ids[0], true), failure(ids[1], false)}
		}
		return nil
	}}
	producer, ids := newStubProducer(t, s)
	err := producer.Flush(t.Context())
	if !errors.Is(err, ErrSendFailed) || !strings.HasSuffix(err.Error(), "dropped for good: 1 bytes (InternalError: )") {
		t.Errorf("found %v", err)
	}
	var dropped *DroppedError
	if !errors.As(err, &dropped) || !slices.Equal(dropped.Bodies, []string{"0"}) {
		t.Errorf("found %v", err)
	}
	if err := producer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"SendMessageBatch " + strings.Join(ids, " "), "SendMessageBatch " + ids[1]}
	if !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}

func TestAMessageThatCanNeverBeSentIsNamedEvenWhereTheConnectionBrokeFirst(t *testing.T) {
	ctx, soon := endingSoon(t)
	s := &stub{refuse: func(_ string, number int, ids []string) []types.BatchResultErrorEntry {
		if number == 0 {
			soon()
			return []types.BatchResultErrorEntry{failure(ids[0], true), failure(ids[1], false)}
		}
		return []types.BatchResultErrorEntry{failure(ids[0], true)}
	}}
	producer, _ := newStubProducer(t, s)
	if err := producer.Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("found %v", err)
	}
	var dropped *DroppedError
	err := producer.Flush(t.Context())
	if !errors.As(err, &dropped) || !slices.Equal(dropped.Bodies, []string{"0"}) {
		t.Errorf("found %v", err)
	}
}

func TestAMessageLargerThanAnyBatchIsRefusedAtOnce(t *testing.T) {
	producer, _ := newStubProducer(t, &stub{})
	large := strings.Repeat("x", maxQueueBytes-1)
	if err := producer.Send(t.Context(), Outgoing{Body: large}); err == nil || len(producer.batch) != 2 {
		t.Errorf("found %v, waiting %d", err, len(producer.batch))
	}
}

func TestAMessageThatIsTooLargeWithItsReasonIsSetAsideWithoutIt(t *testing.T) {
	s := &stub{}
	consumer, err := NewConsumer(t.Context(), s.start(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	message := types.Message{
		MessageId: aws.String("m1"), Body: aws.String("1"),
		MessageAttributes: map[string]types.MessageAttributeValue{"trace": text("t")},
	}
	if err := consumer.setAside(t.Context(), message, errors.New("no such invoice"), 3); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"SendMessage DeadLetterAttempts DeadLetterMessageId DeadLetterReason trace", "SendMessage trace"}
	if !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}

func newStubHold(t *testing.T, s *stub, ids ...string) (*hold, []types.Message) {
	t.Helper()
	at := s.start(t)
	client, err := newSQS(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	var messages []types.Message
	for _, id := range ids {
		messages = append(messages, types.Message{MessageId: &id, ReceiptHandle: aws.String("receipt of " + id)})
	}
	return newHold(t.Context(), client, *at.EndpointURL, messages, 30), messages
}

func TestOnlyWhatWasNotDeletedIsDeletedAgainAndTheRestIsGivenBack(t *testing.T) {
	s := &stub{refuse: func(action string, number int, _ []string) []types.BatchResultErrorEntry {
		if action == "DeleteMessageBatch" {
			return []types.BatchResultErrorEntry{failure("b", number > 0)}
		}
		return nil
	}}
	held, messages := newStubHold(t, s, "a", "b", "c")
	for _, done := range messages[:2] {
		held.finished(done)
	}
	if err := held.end(t.Context()); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"DeleteMessageBatch a b", "DeleteMessageBatch b", "ChangeMessageVisibilityBatch c"}
	if !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}

func TestWhatIsDoneIsDeletedWhileTheNextMessageTakesLongAndTriedAgainWhereThatFails(t *testing.T) {
	s := &stub{refuse: func(_ string, number int, _ []string) []types.BatchResultErrorEntry {
		if number == 0 {
			return []types.BatchResultErrorEntry{failure("a", false)}
		}
		return nil
	}}
	held, messages := newStubHold(t, s, "a", "b")
	held.finished(messages[0])
	time.Sleep(5 * tick / 2)
	held.finished(messages[1])
	if err := held.end(t.Context()); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"DeleteMessageBatch a", "DeleteMessageBatch a", "DeleteMessageBatch b"}
	if !slices.Equal(s.asked, wanted) {
		t.Errorf("asked %v", s.asked)
	}
}
