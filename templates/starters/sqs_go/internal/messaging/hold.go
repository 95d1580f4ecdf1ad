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
	tick           = time.Second // what is done is deleted no later than this, however long the next one takes
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
	done     []string          // to be deleted; in hand until they are
}

func newHold(ctx context.Context, client *sqs.Client, url string, messages []types.Message, visibility int) *hold {
	ctx, over := context.WithCancel(ctx)
	h := &hold{client: client, url: url, visibility: visibility, over: over, receipts: map[string]string{}}
	for _, message := range messages {
		h.receipts[*message.MessageId] = *message.ReceiptHandle
	}
	h.kept.Go(func() { h.keep(ctx) })
	return h
}

func (h *hold) keep(ctx context.Context) {
	third := time.Duration(h.visibility) * time.Second / 3
	ticker, extended := time.NewTicker(min(tick, third)), time.Now()
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			// The end of the hold waits for it, and does not cut it short.
			if err := h.deleteDone(context.WithoutCancel(ctx)); err != nil {
				slog.Warn("not deleted", "error", err.Error()) // tried again at the next tick
			}
			if time.Since(extended) >= third {
				extended = time.Now()
				h.mu.Lock()
				h.setVisibility(ctx, h.visibility, h.ids()...)
				h.mu.Unlock()
			}
		}
	}
}

// end deletes what is done and gives back what is not: somebody else may have it now.
func (h *hold) end(ctx context.Context) (err error) {
	h.over()
	h.kept.Wait()
	for attempt := range deleteAttempts {
		if err != nil || len(h.done) == 0 {
			break
		}
		time.Sleep(time.Duration(attempt) * 200 * time.Millisecond)
		err = h.deleteDone(ctx)
	}
	isDone := func(id string) bool { return slices.Contains(h.done, id) }
	h.setVisibility(ctx, 0, slices.DeleteFunc(h.ids(), isDone)...)
	return err
}

func (h *hold) finished(message types.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done = append(h.done, *message.MessageId)
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

// What SQS refuses for now stays, for the next time; what it refuses for good comes again, as handlers bear.
func (h *hold) deleteDone(ctx context.Context) error {
	input := &sqs.DeleteMessageBatchInput{QueueUrl: &h.url}
	h.mu.Lock()
	for _, id := range h.done {
		receipt := h.receipts[id]
		input.Entries = append(input.Entries, types.DeleteMessageBatchRequestEntry{Id: &id, ReceiptHandle: &receipt})
	}
	h.mu.Unlock()
	if len(input.Entries) == 0 {
		return nil
	}
	answer, err := h.client.DeleteMessageBatch(ctx, input)
	if err != nil {
		return err
	}
	again := map[string]bool{}
	for _, each := range answer.Failed {
		slog.Warn("not deleted", "id", *each.Id, "code", aws.ToString(each.Code), "sender_fault", each.SenderFault)
		again[*each.Id] = !each.SenderFault
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, each := range input.Entries {
		if !again[*each.Id] {
			delete(h.receipts, *each.Id)
			h.done = slices.DeleteFunc(h.done, func(id string) bool { return id == *each.Id })
		}
	}
	return nil
}
