package messaging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"example.com/messaging/internal/settings"
)

// CreateTopics creates the topic and its dead-letter topic. Safe to run again; never changes a topic that is there.
func CreateTopics(ctx context.Context, s settings.Settings) error {
	admin, err := newAdmin(ctx, s)
	if err != nil {
		return err
	}
	defer admin.Close()
	copies, err := possibleCopies(ctx, admin, s)
	if err != nil {
		return err
	}
	kept := map[string]int64{s.Topic: s.RetentionMS, s.DeadLetterTopic: s.DeadLetterRetentionMS}
	for topic, retentionMS := range kept {
		if err := createTopic(ctx, admin, topic, retentionMS, copies, s); err != nil {
			return fmt.Errorf("%s: %w", topic, err)
		}
	}
	return nil
}

// DeleteTopics takes them away with all that is in them; only the bench and tests do that.
func DeleteTopics(ctx context.Context, s settings.Settings) error {
	admin, err := newAdmin(ctx, s)
	if err != nil {
		return err
	}
	defer admin.Close()
	_, err = admin.DeleteTopics(ctx, s.Topic, s.DeadLetterTopic)
	return err
}

// RequireTopics is asked first by a consumer: one of a topic that is not there would wait for ever, and in silence.
func RequireTopics(ctx context.Context, s settings.Settings) error {
	admin, err := newAdmin(ctx, s)
	if err != nil {
		return err
	}
	defer admin.Close()
	found, err := admin.ListTopics(ctx, s.Topic, s.DeadLetterTopic)
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
		return fmt.Errorf("no such topic: %s (make topics creates them)", strings.Join(missing, ", "))
	}
	return nil
}

func newAdmin(ctx context.Context, s settings.Settings) (*kadm.Client, error) {
	client, err := connect(ctx, s)
	if err != nil {
		return nil, err
	}
	return kadm.NewClient(client), nil
}

func possibleCopies(ctx context.Context, admin *kadm.Client, s settings.Settings) (int16, error) {
	brokers, err := admin.ListBrokers(ctx)
	if err != nil {
		return 0, err
	}
	copies := min(int(s.ReplicationFactor), len(brokers))
	if copies < int(s.ReplicationFactor) {
		slog.Warn("fewer brokers than copies asked for", "copies", copies, "asked", s.ReplicationFactor)
	}
	return int16(copies), nil
}

func createTopic(
	ctx context.Context, admin *kadm.Client, topic string, retentionMS int64, copies int16, s settings.Settings,
) error {
	configs := map[string]*string{
		"retention.ms":        kadm.StringPtr(strconv.FormatInt(retentionMS, 10)),
		"min.insync.replicas": kadm.StringPtr(strconv.Itoa(min(s.MinInsyncReplicas, int(copies)))),
	}
	_, err := admin.CreateTopic(ctx, s.Partitions, copies, configs, topic)
	if errors.Is(err, kerr.TopicAlreadyExists) {
		return compare(ctx, admin, topic, s)
	}
	if err != nil {
		return err
	}
	slog.Info("created", "topic", topic, "partitions", s.Partitions, "copies", copies, "configs", configs)
	return waitUntilKnown(ctx, admin, topic)
}

// A broker answers before all of them know the topic.
func waitUntilKnown(ctx context.Context, admin *kadm.Client, topic string) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for {
		found, err := admin.ListTopics(ctx, topic)
		if err != nil || found.Has(topic) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Only say so: more partitions would send a key's next records to another partition, and so lose its order.
func compare(ctx context.Context, admin *kadm.Client, topic string, s settings.Settings) error {
	found, err := admin.ListTopics(ctx, topic)
	if err != nil {
		return err
	}
	level, partitions := slog.LevelInfo, len(found[topic].Partitions)
	if partitions != int(s.Partitions) {
		level = slog.LevelWarn
	}
	slog.Log(ctx, level, "there already", "topic", topic, "partitions", partitions, "asked", s.Partitions)
	return nil
}
