// Package handler is your code: what is to be done with each message.
package handler

import (
	"context"
	"log/slog"

	"example.com/messaging/internal/messaging"
)

// Handle does the work of one message. This is the function to edit. Several workers call it at once.
//
// Return nil, and the message is done. Return an error, and it is tried again with growing pauses, then set aside with
// the error as its reason; wrap messaging.ErrUnprocessable to set it aside at once. A message can come twice (SQS
// promises at least once), so doing it again must do no harm.
func Handle(_ context.Context, message messaging.Message) error {
	// Which it is, and not what is in it: logs are kept for long and read by many.
	slog.Info("handled", "id", message.ID, "receive_count", message.ReceiveCount)
	return nil
}
