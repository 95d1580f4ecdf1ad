package messaging_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

const patience = 30 * time.Second

// Each test gets topics and a group of its own, on whatever broker the settings or the environment name.
func ownTopics(t *testing.T) settings.Settings {
	t.Helper()
	s, err := settings.Load("../../"+settings.File, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	name := "test-" + strings.ToLower(rand.Text())
	s.Topic, s.DeadLetterTopic, s.ConsumerGroup = name, name+".dead-letters", name
	s.Partitions, s.RetryBackoffMS = 3, 1
	if _, isGiven := os.LookupEnv("SESSION_TIMEOUT_MS"); !isGiven {
		s.SessionTimeoutMS = 6000
	}
	if err := messaging.CreateTopics(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

type pair struct {
	key   string
	value any
}

func send(t *testing.T, s settings.Settings, pairs ...pair) {
	t.Helper()
	producer, err := messaging.NewProducer(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, each := range pairs {
		if err := producer.Send(t.Context(), each.key, each.value); err != nil {
			t.Fatal(err)
		}
	}
	if err := producer.Close(); err != nil {
		t.Fatal(err)
	}
}

// seen collects what handlers of several partitions were given.
type seen struct {
	mu     sync.Mutex
	values []string
	keys   []string
}

func (s *seen) add(message messaging.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, message.Key)
	s.values = append(s.values, string(message.Value))
}

func (s *seen) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.values)
}

func (s *seen) of(key string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for number, value := range s.values {
		if s.keys[number] == key {
			found = append(found, value)
		}
	}
	return found
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

func client(t *testing.T, s settings.Settings, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	found, err := kgo.NewClient(append(options, kgo.SeedBrokers(strings.Split(s.BootstrapServers, ",")...))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(found.Close)
	return found
}

func deadLetter(t *testing.T, s settings.Settings) (*kgo.Record, map[string]string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	reader := client(t, s, kgo.ConsumeTopics(s.DeadLetterTopic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	records := reader.PollFetches(ctx).Records()
	if len(records) != 1 {
		t.Fatalf("%d dead letters", len(records))
	}
	headers := map[string]string{}
	for _, header := range records[0].Headers {
		headers[header.Key] = string(header.Value)
	}
	return records[0], headers
}

func equal(t *testing.T, what string, found, wanted any) {
	t.Helper()
	if fmt.Sprint(found) != fmt.Sprint(wanted) {
		t.Errorf("%s: found %v, wanted %v", what, found, wanted)
	}
}

func TestWhatIsProducedIsConsumedInTheOrderOfItsKey(t *testing.T) {
	t.Parallel()
	s, got := ownTopics(t), &seen{}
	var pairs []pair
	wanted := map[string][]string{}
	for number := range 50 {
		key := fmt.Sprintf("key-%d", number%5)
		pairs = append(pairs, pair{key, number})
		wanted[key] = append(wanted[key], fmt.Sprint(number))
	}
	send(t, s, pairs...)
	handle := func(_ context.Context, message messaging.Message) error { got.add(message); return nil }
	consumeUntil(t, s, handle, func() bool { return len(got.all()) >= 50 })
	for key, values := range wanted {
		equal(t, key, got.of(key), values)
	}
}

func TestAFailingMessageIsTriedAgainAndThenSetAsideWithItsReason(t *testing.T) {
	t.Parallel()
	s, attempts := ownTopics(t), &seen{}
	send(t, s, pair{"k", "before"}, pair{"k", "poison"}, pair{"k", "after"})
	handle := func(_ context.Context, message messaging.Message) error {
		attempts.add(message)
		if string(message.Value) == `"poison"` {
			return errors.New("no such order")
		}
		return nil
	}
	consumeUntil(t, s, handle, func() bool { return slices.Contains(attempts.all(), `"after"`) })
	wanted := slices.Concat([]string{`"before"`}, slices.Repeat([]string{`"poison"`}, s.MaxAttempts), []string{`"after"`})
	equal(t, "attempts", attempts.all(), wanted)
	dead, headers := deadLetter(t, s)
	equal(t, "key", string(dead.Key), "k")
	equal(t, "value", string(dead.Value), `"poison"`)
	equal(t, "reason", headers["dead-letter-reason"], "no such order")
	equal(t, "attempts in the header", headers["dead-letter-attempts"], s.MaxAttempts)
	equal(t, "topic", headers["dead-letter-topic"], s.Topic)
	equal(t, "group", headers["dead-letter-consumer-group"], s.ConsumerGroup)
}

func TestAnUnprocessableMessageIsSetAsideAtTheFirstAttempt(t *testing.T) {
	t.Parallel()
	s, attempts := ownTopics(t), &seen{}
	send(t, s, pair{"k", "poison"}, pair{"k", "after"})
	handle := func(_ context.Context, message messaging.Message) error {
		attempts.add(message)
		if string(message.Value) == `"poison"` {
			return fmt.Errorf("%w: never", messaging.ErrUnprocessable)
		}
		return nil
	}
	consumeUntil(t, s, handle, func() bool { return slices.Contains(attempts.all(), `"after"`) })
	equal(t, "attempts", attempts.all(), []string{`"poison"`, `"after"`})
}

func TestAPanicIsAFailedAttempt(t *testing.T) {
	t.Parallel()
	s, got := ownTopics(t), &seen{}
	send(t, s, pair{"k", "poison"}, pair{"k", "after"})
	handle := func(_ context.Context, message messaging.Message) error {
		if string(message.Value) == `"poison"` {
			panic("out of order")
		}
		got.add(message)
		return nil
	}
	consumeUntil(t, s, handle, func() bool { return len(got.all()) > 0 })
	_, headers := deadLetter(t, s)
	equal(t, "reason", headers["dead-letter-reason"], "panic: out of order")
}

func TestWhatIsNotJSONIsSetAsideUnchanged(t *testing.T) {
	t.Parallel()
	s, got := ownTopics(t), &seen{}
	raw := &kgo.Record{Topic: s.Topic, Key: []byte("k"), Value: []byte("\xff not json"),
		Headers: []kgo.RecordHeader{{Key: "trace", Value: []byte("1")}}}
	after := &kgo.Record{Topic: s.Topic, Key: []byte("k"), Value: []byte(`"after"`)}
	if err := client(t, s).ProduceSync(t.Context(), raw, after).FirstErr(); err != nil {
		t.Fatal(err)
	}
	handle := func(_ context.Context, message messaging.Message) error { got.add(message); return nil }
	consumeUntil(t, s, handle, func() bool { return len(got.all()) > 0 })
	dead, headers := deadLetter(t, s)
	if !bytes.Equal(dead.Value, raw.Value) {
		t.Errorf("changed: %q", dead.Value)
	}
	equal(t, "its own header", headers["trace"], "1")
	equal(t, "reason", headers["dead-letter-reason"], "unprocessable: not JSON in UTF-8")
	equal(t, "handled", got.all(), []string{`"after"`})
}

func TestAStoppedConsumerContinuesWhereItStopped(t *testing.T) {
	t.Parallel()
	s, first, second := ownTopics(t), &seen{}, &seen{}
	into := func(got *seen) messaging.Handle {
		return func(_ context.Context, message messaging.Message) error { got.add(message); return nil }
	}
	send(t, s, pair{"k", 1}, pair{"k", 2})
	consumeUntil(t, s, into(first), func() bool { return len(first.all()) == 2 })
	send(t, s, pair{"k", 3})
	consumeUntil(t, s, into(second), func() bool { return len(second.all()) > 0 })
	equal(t, "handled by the second", second.all(), []string{"3"})
}

// Fetching pauses after the first half, and must go on for the second.
func TestMoreThanMayWaitIsHandledAllTheSame(t *testing.T) {
	t.Parallel()
	s, got := ownTopics(t), &seen{}
	s.MaxPollRecords = 4
	var pairs []pair
	var wanted []string
	for number := range 200 {
		pairs = append(pairs, pair{"k", number})
		wanted = append(wanted, fmt.Sprint(number))
	}
	send(t, s, pairs[:100]...)
	handle := func(_ context.Context, message messaging.Message) error {
		time.Sleep(time.Millisecond)
		got.add(message)
		return nil
	}
	isSecondHalfSent := false
	consumeUntil(t, s, handle, func() bool {
		if !isSecondHalfSent && len(got.all()) >= 50 {
			send(t, s, pairs[100:]...)
			isSecondHalfSent = true
		}
		return len(got.all()) >= 200
	})
	equal(t, "handled", got.all(), wanted)
}

// The second comes while the first has messages in hand and many waiting.
func TestASecondConsumerTakesPartitionsOverAndNothingIsHandledTwice(t *testing.T) {
	t.Parallel()
	s, got := ownTopics(t), &seen{}
	var pairs []pair
	for number := range 600 {
		pairs = append(pairs, pair{fmt.Sprintf("key-%d", number%6), number})
	}
	send(t, s, pairs...)
	handle := func(_ context.Context, message messaging.Message) error {
		time.Sleep(5 * time.Millisecond)
		got.add(message)
		return nil
	}
	isAll := func() bool { return len(got.all()) >= len(pairs) }
	var both sync.WaitGroup
	both.Go(func() { consumeUntil(t, s, handle, isAll) })
	for len(got.all()) < 50 && t.Context().Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	both.Go(func() { consumeUntil(t, s, handle, isAll) })
	both.Wait()
	equal(t, "handled", len(got.all()), len(pairs))
	for number := range 6 {
		values := got.of(fmt.Sprintf("key-%d", number))
		inOrder := slices.IsSortedFunc(values, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
		if !inOrder {
			t.Errorf("out of order: %v", values)
		}
	}
}

// A topic that takes small records only.
func narrowTopic(t *testing.T) settings.Settings {
	t.Helper()
	s := ownTopics(t)
	s.Topic += "-narrow"
	narrow := map[string]*string{"max.message.bytes": kadm.StringPtr("1000")}
	if _, err := kadm.NewClient(client(t, s)).CreateTopic(t.Context(), 1, 1, narrow, s.Topic); err != nil {
		t.Fatal(err)
	}
	return s
}

func newProducer(t *testing.T, s settings.Settings) *messaging.Producer {
	t.Helper()
	producer, err := messaging.NewProducer(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return producer
}

func tooLarge() string {
	noise := make([]byte, 10_000) // which no compression makes smaller than the topic takes
	_, _ = rand.Read(noise)       // it never fails
	return hex.EncodeToString(noise)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The keys of the records that an error says were not confirmed.
func lostKeys(t *testing.T, err error) []string {
	t.Helper()
	var failed *messaging.DeliveryError
	if !errors.As(err, &failed) {
		t.Fatalf("found %v", err)
	}
	var keys []string
	for _, lost := range failed.Lost {
		keys = append(keys, lost.Key)
	}
	return keys
}

// As many records as the topic has, in order: of one partition.
func readAll(t *testing.T, s settings.Settings) []*kgo.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ends, err := kadm.NewClient(client(t, s)).ListEndOffsets(ctx, s.Topic)
	must(t, err)
	end, _ := ends.Lookup(s.Topic, 0)
	reader := client(t, s, kgo.ConsumeTopics(s.Topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	var records []*kgo.Record
	for int64(len(records)) < end.Offset && ctx.Err() == nil {
		records = append(records, reader.PollFetches(ctx).Records()...)
	}
	return records
}

func valuesOf(records []*kgo.Record) []string {
	var values []string
	for _, record := range records {
		values = append(values, string(record.Value))
	}
	return values
}

func TestARecordThatTheBrokerRefusesIsReported(t *testing.T) {
	t.Parallel()
	s := narrowTopic(t)
	producer := newProducer(t, s)
	must(t, producer.Send(t.Context(), "k", tooLarge()))
	err := producer.Close()
	equal(t, "lost", lostKeys(t, err), []string{"k"})
	told := fmt.Sprintf("delivery failed: 1 records for %s, first: key k, ", s.Topic)
	if !strings.HasPrefix(err.Error(), told) {
		t.Errorf("found %v", err)
	}
}

func TestFlushWaitsForAllThatWasSentAndTellsAFailureOnce(t *testing.T) {
	t.Parallel()
	s := narrowTopic(t)
	producer := newProducer(t, s)
	must(t, producer.Send(t.Context(), "k", "before"))
	must(t, producer.Flush(t.Context()))
	equal(t, "arrived", valuesOf(readAll(t, s)), []string{`"before"`})
	must(t, producer.Send(t.Context(), "k", tooLarge()))
	equal(t, "lost", lostKeys(t, producer.Flush(t.Context())), []string{"k"})
	must(t, producer.Flush(t.Context()))
	must(t, producer.Send(t.Context(), "k", "after"))
	must(t, producer.Flush(t.Context()))
	equal(t, "arrived", valuesOf(readAll(t, s)), []string{`"before"`, `"after"`})
	must(t, producer.Close())
}

func TestSendTellsAFailureOnceAndBeforeItHandsAnythingOver(t *testing.T) {
	t.Parallel()
	s := narrowTopic(t)
	producer := newProducer(t, s)
	must(t, producer.Send(t.Context(), "lost", tooLarge()))
	var handedOver, told []string
	for number := 0; number < 300; number++ {
		key := fmt.Sprint(number)
		err := producer.Send(t.Context(), key, number)
		if err == nil {
			handedOver = append(handedOver, key)
			if told != nil {
				break
			}
		} else {
			told = append(told, lostKeys(t, err)...)
		}
		time.Sleep(100 * time.Millisecond)
	}
	must(t, producer.Close())
	equal(t, "told first", told[0], "lost")
	equal(t, "told or arrived", slices.Concat(told[1:], valuesOf(readAll(t, s))), handedOver)
}

func TestGoroutinesThatShareAProducerLoseNothingUntold(t *testing.T) {
	t.Parallel()
	s := narrowTopic(t)
	producer := newProducer(t, s)
	var mu sync.Mutex
	var told, wanted []string
	tell := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, lostKeys(t, err)...)
	}
	var all sync.WaitGroup
	for routine := range 3 {
		for number := range 30 {
			wanted = append(wanted, fmt.Sprintf("%d-%d", routine, number))
		}
		all.Go(func() {
			for number := range 30 {
				value := fmt.Sprint(number)
				if number%10 == 9 {
					value = tooLarge()
				}
				// An error tells of earlier records, and this one was not handed over.
				for key := fmt.Sprintf("%d-%d", routine, number); ; {
					err := producer.Send(t.Context(), key, value)
					if err == nil {
						break
					}
					tell(err)
				}
			}
		})
	}
	all.Wait()
	if err := producer.Close(); err != nil {
		tell(err)
	}
	found := told
	for _, record := range readAll(t, s) {
		found = append(found, string(record.Key))
	}
	slices.Sort(found)
	slices.Sort(wanted)
	equal(t, "told or arrived", found, wanted)
}

func TestWhatATransactionTookBackIsNeverHandled(t *testing.T) {
	t.Parallel()
	s, got := ownTopics(t), &seen{}
	writer := client(t, s, kgo.TransactionalID(s.Topic), kgo.DefaultProduceTopic(s.Topic))
	write := func(value string, end kgo.TransactionEndTry) {
		must(t, writer.BeginTransaction())
		must(t, writer.ProduceSync(t.Context(), &kgo.Record{Key: []byte("k"), Value: []byte(value)}).FirstErr())
		must(t, writer.EndTransaction(t.Context(), end))
	}
	write(`"aborted"`, kgo.TryAbort)
	write(`"committed"`, kgo.TryCommit)
	handle := func(_ context.Context, message messaging.Message) error { got.add(message); return nil }
	consumeUntil(t, s, handle, func() bool { return slices.Contains(got.all(), `"committed"`) })
	equal(t, "handled", got.all(), []string{`"committed"`})
}

func TestTopicsAreCreatedOnceAndAMissingOneIsNamed(t *testing.T) {
	t.Parallel()
	s := ownTopics(t)
	if err := messaging.CreateTopics(t.Context(), s); err != nil {
		t.Error(err)
	}
	if err := messaging.RequireTopics(t.Context(), s, s.Topic, s.DeadLetterTopic); err != nil {
		t.Error(err)
	}
	if err := messaging.RequireTopics(t.Context(), s, s.Topic, "nowhere"); err == nil || !strings.Contains(err.Error(), "no such topic: nowhere") {
		t.Errorf("found %v", err)
	}
}
