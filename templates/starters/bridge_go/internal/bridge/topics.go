package bridge

import (
	"context"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"

	"example.com/bridge/internal/settings"
)

// A bridge from a topic that is not there would wait for ever, and in silence.
func requireTopics(ctx context.Context, s settings.Settings) error {
	client, err := connect(ctx, s)
	if err != nil {
		return err
	}
	defer client.Close()
	found, err := kadm.NewClient(client).ListTopics(ctx, s.Topic, s.DeadLetterTopic)
	if err != nil {
		return err
	}
	var missing []string
	for _, topic := range []string{s.Topic, s.DeadLetterTopic} {
		if !found.Has(topic) {
			missing = append(missing, topic)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("no such topic: %s (make topics, in the Kafka project)", strings.Join(missing, ", "))
	}
	return nil
}
