package messaging

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	deleteAttempts = 3
	deleteAfter    = time.Second // finished work is deleted in batches, but never much later than this
)

// A hold keeps the messages in hand invisible to others while they are worked on, then deletes them or lets them go.
type hold struct {
	client     *sqs.Client
	url        string
	visibility int
	over       context.CancelFunc
	kept       sync.WaitGroup

	mu       sync.Mutex
	receipts map[string]string // of the messages in hand, by their ids

	done      []string // to be deleted; used by the worker alone, as is the next
	deletedAt time.Time
}

func newHold(ctx context.Context, client *sqs.Client, url string, messages []types.Message, visibility int) *hold {
	ctx, over := context.WithCancel(ctx)
	h := &hold{client: client, url: url, visibility: visibility, over: over, deletedAt: time.Now()}
	h.receipts = map[string]string{}
	for _, message := range messages {
		h.receipts[*message.MessageId] = *message.ReceiptHandle
	}
	h.kept.Go(func() { h.keep(ctx) })
	return h
}

func (h *hold) keep(ctx context.Context) {
	tick := time.NewTicker(time.Duration(h.visibility) * time.Second / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.mu.Lock()
			h.setVisibility(ctx, h.visibility, h.ids()...)
			h.mu.Unlock()
		}
	}
}

// end deletes what is done and gives back what is not: somebody else may have it now.
func (h *hold) end(ctx context.Context) error {
	h.over()
	h.kept.Wait()
	err := h.deleteDone(ctx)
	h.setVisibility(ctx, 0, h.ids()...)
	return err
}

func (h *hold) finished(ctx context.Context, message types.Message) error {
	h.done = append(h.done, *message.MessageId)
	if time.Since(h.deletedAt) < deleteAfter {
		return nil
	}
	return h.deleteDone(ctx)
}

// letGo gives a message back; SQS delivers it again after so many seconds.
func (h *hold) letGo(ctx context.Context, message types.Message, seconds int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.setVisibility(ctx, seconds, *message.MessageId)
	delete(h.receipts, *message.MessageId)
}

func (h *hold) ids() []string {
	var ids []string
	for id := range h.receipts {
		ids = append(ids, id)
	}
	return ids
}

// A failure only means that a message comes again by itself, at worst too early: no reason to end.
func (h *hold) setVisibility(ctx context.Context, seconds int, ids ...string) {
	if len(ids) == 0 {
		return
	}
	input := &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &h.url}
	for _, id := range ids {
		input.Entries = append(input.Entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: &id, ReceiptHandle: aws.String(h.receipts[id]), VisibilityTimeout: int32(seconds),
		})
	}
	answer, err := h.client.ChangeMessageVisibilityBatch(ctx, input)
	if err != nil {
		if ctx.Err() == nil {
			slog.Warn("visibility not changed", "ids", ids, "error", err.Error())
		}
		return
	}
	for _, failed := range answer.Failed {
		slog.Warn("visibility not changed", "id", *failed.Id, "code", aws.ToString(failed.Code))
	}
}

// What cannot be deleted comes again; a handler bears that.
func (h *hold) deleteDone(ctx context.Context) error {
	input := &sqs.DeleteMessageBatchInput{QueueUrl: &h.url}
	h.mu.Lock()
	for _, id := range h.done {
		receipt := h.receipts[id]
		input.Entries = append(input.Entries, types.DeleteMessageBatchRequestEntry{Id: &id, ReceiptHandle: &receipt})
		delete(h.receipts, id)
	}
	h.mu.Unlock()
	h.done, h.deletedAt = nil, time.Now()
	for attempt := range deleteAttempts {
		if len(input.Entries) == 0 {
			return nil
		}
		time.Sleep(time.Duration(attempt) * 200 * time.Millisecond)
		answer, err := h.client.DeleteMessageBatch(ctx, input)
		if err != nil {
			return err
		}
		input.Entries = refusedEntries(input.Entries, answer.Failed)
	}
	return nil
}

// The ones that are worth another attempt.
func refusedEntries(
	entries []types.DeleteMessageBatchRequestEntry, failed []types.BatchResultErrorEntry,
) []types.DeleteMessageBatchRequestEntry {
	again := map[string]bool{}
	for _, each := range failed {
		slog.Warn("not deleted", "id", *each.Id, "code", aws.ToString(each.Code), "sender_fault", each.SenderFault)
		again[*each.Id] = !each.SenderFault
	}
	return slices.DeleteFunc(entries, func(each types.DeleteMessageBatchRequestEntry) bool { return !again[*each.Id] })
}
