package bridge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/twmb/franz-go/pkg/kgo"
	"golang.org/x/sync/errgroup"

	"example.com/bridge/internal/metrics"
	"example.com/bridge/internal/settings"
)

// Of one batch, and so of one message: docs.aws.amazon.com, "Amazon SQS message quotas".
const (
	maxEntries = 10
	maxBytes   = 1_048_576
)

const (
	senders        = 8
	sendAttempts   = 3
	requestTimeout = 10 * time.Second
)

type queue struct {
	client *sqs.Client
	url    *string
}

func newQueue(ctx context.Context, s settings.Settings) (*queue, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRegion(s.Region),
		config.WithRetryMaxAttempts(sendAttempts),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(requestTimeout)),
	}
	if s.EndpointURL != nil {
		options = append(options, config.WithBaseEndpoint(*s.EndpointURL))
		if strings.HasPrefix(*s.EndpointURL, "http://") {
			// Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
			local := credentials.NewStaticCredentialsProvider("local", "local", "")
			options = append(options, config.WithCredentialsProvider(local))
		}
	}
	found, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, err
	}
	client := sqs.NewFromConfig(found)
	answer, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &s.QueueName})
	var isMissing *types.QueueDoesNotExist
	if errors.As(err, &isMissing) {
		return nil, fmt.Errorf("no such queue: %s (make queues, in the SQS project)", s.QueueName)
	}
	if err != nil {
		return nil, err
	}
	return &queue{client: client, url: answer.QueueUrl}, nil
}

// send puts records into the queue in batches, several at a time, and says which are to be tried again and which SQS will
// never take. Change it where a job is not the record as it is.
func (q *queue) send(ctx context.Context, records []*kgo.Record) (map[*kgo.Record]bool, []refusal) {
	var mu sync.Mutex
	left := map[*kgo.Record]bool{}
	var never []refusal
	var group errgroup.Group
	group.SetLimit(senders)
	for _, batch := range batches(records) {
		group.Go(func() error {
			again, refused := q.sendBatch(ctx, batch)
			mu.Lock()
			defer mu.Unlock()
			never = append(never, refused...)
			for _, record := range again {
				left[record] = true
			}
			return nil
		})
	}
	_ = group.Wait() // what went wrong is logged, and its records are left
	return left, never
}

func (q *queue) sendBatch(ctx context.Context, batch []*kgo.Record) (again []*kgo.Record, refused []refusal) {
	input := &sqs.SendMessageBatchInput{QueueUrl: q.url}
	for number, record := range batch {
		input.Entries = append(input.Entries, types.SendMessageBatchRequestEntry{
			Id: aws.String(strconv.Itoa(number)), MessageBody: aws.String(string(record.Value)),
		})
	}
	answer, err := q.client.SendMessageBatch(ctx, input)
	if err != nil {
		slog.Warn("not sent, will be tried again", "jobs", len(batch), "error", err.Error())
		return batch, nil
	}
	for _, each := range answer.Failed {
		number, err := strconv.Atoi(aws.ToString(each.Id))
		if err != nil {
			continue
		}
		code, reason := aws.ToString(each.Code), aws.ToString(each.Message)
		if each.SenderFault { // as above the queue's own MaximumMessageSize
			refused = append(refused, refusal{batch[number], fmt.Sprintf("SQS refused it: %s: %s", code, reason)})
			continue
		}
		slog.Warn("not sent, will be tried again", "code", code, "reason", reason)
		again = append(again, batch[number])
	}
	metrics.Count(metrics.Sent, len(batch)-len(again)-len(refused))
	return again, refused
}

func batches(records []*kgo.Record) [][]*kgo.Record {
	var all [][]*kgo.Record
	var batch []*kgo.Record
	bytes := 0
	for _, record := range records {
		if len(batch) == maxEntries || len(batch) > 0 && bytes+len(record.Value) > maxBytes {
			all = append(all, batch)
			batch, bytes = nil, 0
		}
		batch = append(batch, record)
		bytes += len(record.Value)
	}
	if len(batch) > 0 {
		all = append(all, batch)
	}
	return all
}
