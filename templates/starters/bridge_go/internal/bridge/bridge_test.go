package bridge_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"example.com/bridge/internal/bridge"
	"example.com/bridge/internal/settings"
)

const patience = 30 * time.Second

// Both ends of a bridge, of the test's own, on whatever servers the settings or the environment name.
type ends struct {
	settings settings.Settings
	kafka    *kgo.Client
	sqs      *sqs.Client
	url      *string
}

func newEnds(t *testing.T) ends {
	t.Helper()
	s, err := settings.Load("../../"+settings.File, os.LookupEnv)
	check(t, err)
	name := "test-" + strings.ToLower(rand.Text())
	s.Topic, s.DeadLetterTopic, s.BridgeGroup, s.QueueName = name, name+".dead-letters", name, name
	kafka, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(s.BootstrapServers, ",")...),
		kgo.DefaultProduceTopic(s.Topic),
		kgo.ProducerBatchMaxBytes(3_000_000),
		kgo.ProducerBatchCompression(kgo.GzipCompression()),
	)
	check(t, err)
	t.Cleanup(kafka.Close)
	admin := kadm.NewClient(kafka)
	_, err = admin.CreateTopics(t.Context(), 3, 1, nil, s.Topic, s.DeadLetterTopic)
	check(t, err)
	for range 100 { // a broker answers before it knows them
		known, err := admin.ListTopics(t.Context(), s.Topic, s.DeadLetterTopic)
		if check(t, err); known.Has(s.Topic) && known.Has(s.DeadLetterTopic) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	options := []func(*config.LoadOptions) error{config.WithRegion(s.Region)}
	if s.EndpointURL != nil {
		local := credentials.NewStaticCredentialsProvider("local", "local", "")
		options = append(options, config.WithBaseEndpoint(*s.EndpointURL), config.WithCredentialsProvider(local))
	}
	found, err := config.LoadDefaultConfig(t.Context(), options...)
	check(t, err)
	e := ends{settings: s, kafka: kafka, sqs: sqs.NewFromConfig(found)}
	made, err := e.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	check(t, err)
	e.url = made.QueueUrl
	t.Cleanup(func() { _, _ = e.sqs.DeleteQueue(context.Background(), &sqs.DeleteQueueInput{QueueUrl: e.url}) })
	return e
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (e ends) produce(t *testing.T, values ...[]byte) {
	t.Helper()
	for _, value := range values {
		record := &kgo.Record{Key: []byte("k"), Value: value, Headers: []kgo.RecordHeader{{Key: "trace", Value: []byte("1")}}}
		check(t, e.kafka.ProduceSync(t.Context(), record).FirstErr())
	}
}

// bridge runs as the process would run it, until so many jobs were taken from the queue.
func (e ends) bridge(t *testing.T, count int) []string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	bridging, err := bridge.New(ctx, e.settings)
	check(t, err)
	ended := make(chan error, 1)
	go func() { ended <- bridging.Run(ctx) }()
	var jobs []string
	for deadline := time.Now().Add(patience); len(jobs) < count && time.Now().Before(deadline) && len(ended) == 0; {
		jobs = append(jobs, e.take(t)...)
	}
	stop()
	check(t, <-ended)
	if len(jobs) != count {
		t.Fatalf("jobs: %v", jobs)
	}
	slices.Sort(jobs)
	return jobs
}

func (e ends) take(t *testing.T) []string {
	t.Helper()
	input := &sqs.ReceiveMessageInput{QueueUrl: e.url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1}
	answer, err := e.sqs.ReceiveMessage(t.Context(), input)
	check(t, err)
	var jobs []string
	for _, message := range answer.Messages {
		jobs = append(jobs, *message.Body)
		deletion := &sqs.DeleteMessageInput{QueueUrl: e.url, ReceiptHandle: message.ReceiptHandle}
		_, err := e.sqs.DeleteMessage(t.Context(), deletion)
		check(t, err)
	}
	return jobs
}

func (e ends) setAside(t *testing.T, count int) []*kgo.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	reader, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(e.settings.BootstrapServers, ",")...),
		kgo.ConsumeTopics(e.settings.DeadLetterTopic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	check(t, err)
	defer reader.Close()
	var records []*kgo.Record
	for len(records) < count && ctx.Err() == nil {
		records = append(records, reader.PollFetches(ctx).Records()...)
	}
	return records
}

func TestEachRecordBecomesOneJobWithTheSameBody(t *testing.T) {
	t.Parallel()
	e := newEnds(t)
	var wanted []string
	for number := range 25 {
		body := fmt.Sprintf(`{"n": %02d, "name": "é"}`, number)
		e.produce(t, []byte(body))
		wanted = append(wanted, body)
	}
	if jobs := e.bridge(t, 25); !slices.Equal(jobs, wanted) {
		t.Errorf("found %v", jobs)
	}
}

func TestABridgeGoesOnWhereTheLastOneStopped(t *testing.T) {
	t.Parallel()
	e := newEnds(t)
	e.produce(t, []byte("1"), []byte("2"))
	e.bridge(t, 2)
	e.produce(t, []byte("3"))
	if jobs := e.bridge(t, 1); !slices.Equal(jobs, []string{"3"}) {
		t.Errorf("found %v", jobs)
	}
}

func TestWhatSQSNeverTakesIsSetAsideUnchangedWithTheReason(t *testing.T) {
	t.Parallel()
	e := newEnds(t)
	large := bytes.Repeat([]byte("x"), 1_048_577)
	values := [][]byte{[]byte("\xff"), {}, []byte("a\x00b"), large}
	e.produce(t, append(slices.Clone(values), []byte("fine"))...)
	if jobs := e.bridge(t, 1); !slices.Equal(jobs, []string{"fine"}) {
		t.Errorf("found %v", jobs)
	}
	dead := e.setAside(t, len(values))
	if len(dead) != len(values) {
		t.Fatalf("%d set aside", len(dead))
	}
	for number, record := range dead {
		if !bytes.Equal(record.Value, values[number]) || string(record.Headers[0].Value) != "1" {
			t.Errorf("changed: %.20q", record.Value)
		}
		if record.Headers[1].Key != "dead-letter-reason" || !strings.Contains(string(record.Headers[1].Value), "SQS takes") {
			t.Errorf("headers %v", record.Headers)
		}
		last := record.Headers[len(record.Headers)-1]
		if last.Key != "dead-letter-consumer-group" || string(last.Value) != e.settings.BridgeGroup {
			t.Errorf("not the bridge's group: %v", last)
		}
	}
}

// The queue goes away while the bridge runs, and comes back: nothing was committed meanwhile.
func TestNothingIsCommittedWhileSQSTakesNothing(t *testing.T) {
	t.Parallel()
	e := newEnds(t)
	ctx, stop := context.WithCancel(t.Context())
	bridging, err := bridge.New(ctx, e.settings)
	check(t, err)
	_, err = e.sqs.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: e.url})
	check(t, err)
	e.produce(t, []byte("1"), []byte("2"))
	ended := make(chan error, 1)
	go func() { ended <- bridging.Run(ctx) }()
	time.Sleep(3 * time.Second)
	stop()
	check(t, <-ended)
	offsets, err := kadm.NewClient(e.kafka).FetchOffsets(t.Context(), e.settings.BridgeGroup)
	check(t, err)
	if len(offsets) != 0 {
		t.Errorf("committed %v", offsets)
	}
	_, err = e.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(e.settings.QueueName)})
	check(t, err)
	if jobs := e.bridge(t, 2); !slices.Equal(jobs, []string{"1", "2"}) {
		t.Errorf("found %v", jobs)
	}
}

func TestAQueueOrATopicThatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	e := newEnds(t)
	noQueue, noTopic := e.settings, e.settings
	noQueue.QueueName, noTopic.Topic = "nowhere", "nowhere"
	for expected, s := range map[string]settings.Settings{"no such queue": noQueue, "no such topic": noTopic} {
		_, err := bridge.New(t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), expected+": nowhere") {
			t.Errorf("%s: found %v", expected, err)
		}
	}
}
