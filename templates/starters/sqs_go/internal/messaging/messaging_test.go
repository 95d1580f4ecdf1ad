package messaging_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

const patience = 30 * time.Second

// Each test gets queues of its own, on whatever server the settings or the environment name, and removes them.
func ownQueues(t *testing.T, isFIFO bool) settings.Settings {
	t.Helper()
	s, err := settings.Load("../../"+settings.File, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	name, ending := "test-"+strings.ToLower(rand.Text()), ""
	if isFIFO {
		ending = ".fifo"
	}
	s.QueueName, s.DeadLetterQueueName, s.TopicName, s.FIFO = name+ending, name+"-dead"+ending, nil, isFIFO
	s.ContentBasedDeduplication, s.HighThroughputFIFO = false, false
	s.DelaySeconds, s.WaitTimeSeconds, s.MaxReceiveCount = 0, 1, 3
	s.VisibilityTimeoutSeconds, s.WorkerCount = 3, 2
	create(t, s)
	return s
}

func create(t *testing.T, s settings.Settings) {
	t.Helper()
	if err := messaging.CreateQueues(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := messaging.DeleteQueues(context.Background(), s); err != nil {
			t.Error(err)
		}
	})
}

func send(t *testing.T, s settings.Settings, messages ...messaging.Outgoing) {
	t.Helper()
	producer, err := messaging.NewProducer(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range messages {
		if err := producer.Send(t.Context(), message); err != nil {
			t.Fatal(err)
		}
	}
	if err := producer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func bodies(values ...any) []messaging.Outgoing {
	var messages []messaging.Outgoing
	for _, value := range values {
		messages = append(messages, messaging.Outgoing{Body: value, Group: "g"})
	}
	return messages
}

// seen collects what several workers were given.
type seen struct {
	mu     sync.Mutex
	bodies []string
}

func (s *seen) add(_ context.Context, message messaging.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bodies = append(s.bodies, string(message.Body))
	return nil
}

func (s *seen) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.bodies)
}

// consumeUntil runs the consumer as the process would run it, until enough was seen.
func consumeUntil(t *testing.T, s settings.Settings, handle messaging.Handle, isEnough func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	consumer, err := messaging.NewConsumer(ctx, s, handle)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- consumer.Run(ctx) }()
	for deadline := time.Now().Add(patience); !isEnough() && time.Now().Before(deadline) && len(ended) == 0; {
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if !isEnough() {
		t.Fatal("not enough was seen")
	}
}

func client(t *testing.T, s settings.Settings, queue string) (*sqs.Client, *string) {
	t.Helper()
	options := []func(*config.LoadOptions) error{config.WithRegion(s.Region)}
	if s.EndpointURL != nil {
		local := credentials.NewStaticCredentialsProvider("local", "local", "")
		options = append(options, config.WithBaseEndpoint(*s.EndpointURL), config.WithCredentialsProvider(local))
	}
	found, err := config.LoadDefaultConfig(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	client := sqs.NewFromConfig(found)
	answer, err := client.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &queue})
	if err != nil {
		t.Fatal(err)
	}
	return client, answer.QueueUrl
}

func left(t *testing.T, s settings.Settings, queue string) int {
	t.Helper()
	client, url := client(t, s, queue)
	answer, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: url,
		AttributeNames: []types.QueueAttributeName{
			types.QueueAttributeNameApproximateNumberOfMessages,
			types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, value := range answer.Attributes {
		number, _ := strconv.Atoi(value)
		sum += number
	}
	return sum
}

func deadLetter(t *testing.T, s settings.Settings) (string, map[string]string) {
	t.Helper()
	client, url := client(t, s, s.DeadLetterQueueName)
	answer, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: url, WaitTimeSeconds: 5, MessageAttributeNames: []string{"All"},
	})
	if err != nil || len(answer.Messages) != 1 {
		t.Fatalf("%d dead letters, %v", len(answer.Messages), err)
	}
	attributes := map[string]string{}
	for name, value := range answer.Messages[0].MessageAttributes {
		attributes[name] = *value.StringValue
	}
	return *answer.Messages[0].Body, attributes
}

func equal(t *testing.T, what string, found, wanted any) {
	t.Helper()
	if fmt.Sprint(found) != fmt.Sprint(wanted) {
		t.Errorf("%s: found %v, wanted %v", what, found, wanted)
	}
}

func TestWhatIsSentIsHandledOnceAndDeleted(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, false), &seen{}
	var messages []messaging.Outgoing
	var wanted []string
	for number := range 35 {
		messages = append(messages, messaging.Outgoing{Body: 100 + number})
		wanted = append(wanted, fmt.Sprint(100+number))
	}
	send(t, s, messages...)
	consumeUntil(t, s, got.add, func() bool { return len(got.all()) >= 35 })
	equal(t, "handled", slices.Sorted(slices.Values(got.all())), wanted)
	equal(t, "left", left(t, s, s.QueueName), 0)
}

func TestAFailingMessageIsTriedAgainAndThenSetAsideWithItsReason(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	var mu sync.Mutex
	var attempts []int
	handle := func(_ context.Context, message messaging.Message) error {
		mu.Lock()
		defer mu.Unlock()
		attempts = append(attempts, message.ReceiveCount)
		return errors.New("no such\x00 invoice")
	}
	send(t, s, bodies("poison")...)
	consumeUntil(t, s, handle, func() bool { return left(t, s, s.DeadLetterQueueName) == 1 })
	equal(t, "attempts", attempts, []int{1, 2, 3})
	body, attributes := deadLetter(t, s)
	equal(t, "body", body, `"poison"`)
	equal(t, "reason", attributes["DeadLetterReason"], "no such  invoice")
	equal(t, "attempts in the attribute", attributes["DeadLetterAttempts"], 3)
	equal(t, "left", left(t, s, s.QueueName), 0)
}

func TestWhatIsNotJSONIsSetAsideAtOnceAndUnchanged(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, false), &seen{}
	client, url := client(t, s, s.QueueName)
	raw := &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("not json")}
	if _, err := client.SendMessage(t.Context(), raw); err != nil {
		t.Fatal(err)
	}
	consumeUntil(t, s, got.add, func() bool { return left(t, s, s.DeadLetterQueueName) == 1 })
	body, attributes := deadLetter(t, s)
	equal(t, "body", body, "not json")
	equal(t, "reason", attributes["DeadLetterReason"], "unprocessable: not JSON")
	equal(t, "attempts", attributes["DeadLetterAttempts"], 1)
	equal(t, "handled", got.all(), []string{})
}

func TestAPanicIsAFailedAttempt(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	s.MaxReceiveCount = 1
	send(t, s, bodies("poison")...)
	handle := func(context.Context, messaging.Message) error { panic("out of order") }
	consumeUntil(t, s, handle, func() bool { return left(t, s, s.DeadLetterQueueName) == 1 })
	_, attributes := deadLetter(t, s)
	equal(t, "reason", attributes["DeadLetterReason"], "panic: out of order")
}

func TestAHandlerSlowerThanTheVisibilityTimeoutGetsItsMessageOnce(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, false), &seen{}
	handle := func(ctx context.Context, message messaging.Message) error {
		time.Sleep(time.Duration(s.VisibilityTimeoutSeconds) * 2500 * time.Millisecond)
		return got.add(ctx, message)
	}
	send(t, s, bodies("slow")...)
	consumeUntil(t, s, handle, func() bool { return len(got.all()) >= 1 })
	equal(t, "handled", got.all(), []string{`"slow"`})
	equal(t, "left", left(t, s, s.QueueName), 0)
}

func TestAStopGivesBackWhatWasNotHandled(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, false), &seen{}
	s.WorkerCount, s.VisibilityTimeoutSeconds = 1, 60
	slowly := func(ctx context.Context, message messaging.Message) error {
		time.Sleep(300 * time.Millisecond)
		return got.add(ctx, message)
	}
	send(t, s, bodies(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)...)
	consumeUntil(t, s, slowly, func() bool { return len(got.all()) >= 2 })
	if len(got.all()) == 10 {
		t.Error("there was nothing to give back")
	}
	consumeUntil(t, s, got.add, func() bool { return len(got.all()) >= 10 })
	equal(t, "handled", slices.Sorted(slices.Values(got.all())), []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
}

func TestAFIFOGroupKeepsItsOrderAlthoughOneMessageFailsTwice(t *testing.T) {
	t.Parallel()
	s, attempts := ownQueues(t, true), &seen{}
	failures := 0
	handle := func(ctx context.Context, message messaging.Message) error {
		_ = attempts.add(ctx, message)
		if string(message.Body) == "1" && failures < 2 {
			failures++
			return errors.New("not yet")
		}
		return nil
	}
	send(t, s, bodies(0, 1, 2, 3, 4)...)
	consumeUntil(t, s, handle, func() bool { return slices.Contains(attempts.all(), "4") })
	equal(t, "attempts", attempts.all(), []int{0, 1, 1, 1, 2, 3, 4})
}

func TestAFIFOMessageIsSetAsideWithItsGroup(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, true), &seen{}
	handle := func(ctx context.Context, message messaging.Message) error {
		_ = got.add(ctx, message)
		if string(message.Body) == `"poison"` {
			return fmt.Errorf("%w: never", messaging.ErrUnprocessable)
		}
		return nil
	}
	send(t, s, bodies("poison", "after")...)
	consumeUntil(t, s, handle, func() bool { return slices.Contains(got.all(), `"after"`) })
	equal(t, "handled", got.all(), []string{`"poison"`, `"after"`})
	_, attributes := deadLetter(t, s)
	equal(t, "reason", attributes["DeadLetterReason"], "unprocessable: never")
}

func TestAFIFOQueueTakesOneDeduplicationIDOnce(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, true), &seen{}
	send(t, s,
		messaging.Outgoing{Body: "first", Group: "g", DeduplicationID: "a"},
		messaging.Outgoing{Body: "again", Group: "g", DeduplicationID: "a"},
		messaging.Outgoing{Body: "other", Group: "g", DeduplicationID: "b"},
	)
	consumeUntil(t, s, got.add, func() bool { return slices.Contains(got.all(), `"other"`) })
	equal(t, "handled", got.all(), []string{`"first"`, `"other"`})
}

func TestWhatIsPublishedToATopicReachesEveryQueueOnIt(t *testing.T) {
	t.Parallel()
	for _, isFIFO := range []bool{false, true} {
		one := ownQueues(t, isFIFO)
		one.TopicName = aws.String("topic-of-" + one.QueueName)
		if err := messaging.CreateQueues(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		other := one
		other.QueueName, other.DeadLetterQueueName = "other-"+one.QueueName, "other-"+one.DeadLetterQueueName
		create(t, other)
		send(t, one, bodies("to all")...)
		for _, reader := range []settings.Settings{one, other} {
			got := &seen{}
			consumeUntil(t, reader, got.add, func() bool { return len(got.all()) > 0 })
			equal(t, reader.QueueName, got.all(), []string{`"to all"`})
		}
	}
}

func TestAQueueKeepsItsPolicyWhenItIsSubscribedToMoreTopics(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	for _, name := range []string{"first-", "second-", "second-"} {
		s.TopicName = aws.String(name + s.QueueName)
		if err := messaging.CreateQueues(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	client, url := client(t, s, s.QueueName)
	asked := []types.QueueAttributeName{types.QueueAttributeNamePolicy}
	answer, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: asked})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"first-", "second-"} {
		equal(t, name, strings.Count(answer.Attributes["Policy"], name+s.QueueName), 1)
	}
}

func TestABatchStaysBelowTheLimitOfARequest(t *testing.T) {
	t.Parallel()
	s, got := ownQueues(t, false), &seen{}
	large := strings.Repeat("x", 300_000)
	send(t, s, bodies(large, large, large, large, large, large, large, large)...)
	consumeUntil(t, s, got.add, func() bool { return len(got.all()) >= 8 })
	for _, body := range got.all() {
		equal(t, "length", len(body), len(large)+len(`""`))
	}
}

func TestQueuesAreCreatedOnceAndBroughtUpToTheSettings(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	s.VisibilityTimeoutSeconds = 77
	if err := messaging.CreateQueues(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	client, url := client(t, s, s.QueueName)
	asked := []types.QueueAttributeName{types.QueueAttributeNameVisibilityTimeout}
	answer, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: asked})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "attributes", answer.Attributes, map[string]string{"VisibilityTimeout": "77"})
}

func TestAStandardQueueDelaysOnlyTheMessagesThatAskForIt(t *testing.T) {
	t.Parallel()
	s, arrived := ownQueues(t, false), sync.Map{}
	s.DelaySeconds = 5
	if err := messaging.CreateQueues(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	started, count := time.Now(), atomic.Int64{}
	send(t, s, messaging.Outgoing{Body: "later", DelaySeconds: 3}, messaging.Outgoing{Body: "now"})
	handle := func(_ context.Context, message messaging.Message) error {
		arrived.Store(string(message.Body), time.Since(started))
		count.Add(1)
		return nil
	}
	consumeUntil(t, s, handle, func() bool { return count.Load() >= 2 })
	now, _ := arrived.Load(`"now"`)
	later, _ := arrived.Load(`"later"`)
	if now.(time.Duration) >= 3*time.Second || later.(time.Duration) < 3*time.Second {
		t.Errorf("now after %v, later after %v", now, later)
	}
}

func TestAFIFOQueueDelaysAllMessagesByTheSetting(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, true)
	s.DelaySeconds = 5
	if err := messaging.CreateQueues(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	client, url := client(t, s, s.QueueName)
	asked := []types.QueueAttributeName{types.QueueAttributeNameDelaySeconds}
	answer, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: asked})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "attributes", answer.Attributes, map[string]string{"DelaySeconds": "5"})
}

func TestADelayBeyondWhatTheSettingsAllowIsRefused(t *testing.T) {
	t.Parallel()
	for _, isFIFO := range []bool{false, true} {
		s := ownQueues(t, isFIFO)
		s.DelaySeconds = 5
		producer, err := messaging.NewProducer(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		late := messaging.Outgoing{Body: "late", DelaySeconds: s.MessageDelaySecondsMax() + 1}
		if err := producer.Send(t.Context(), late); err == nil {
			t.Errorf("%d s were taken", late.DelaySeconds)
		}
	}
}

func TestAMissingQueueIsNamed(t *testing.T) {
	t.Parallel()
	s := ownQueues(t, false)
	s.QueueName = "nowhere"
	_, err := messaging.NewProducer(t.Context(), s)
	if err == nil || !strings.Contains(err.Error(), "no such queue: nowhere") {
		t.Errorf("found %v", err)
	}
}
