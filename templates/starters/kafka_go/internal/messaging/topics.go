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

type topic struct {
	name           string
	partitions     int32
	cleanupPolicy  string
	retentionMS    int64
	maxRecordBytes int32
}

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
	for _, wanted := range []topic{
		{s.Topic, s.Partitions, s.CleanupPolicy, s.RetentionMS, s.MaxRecordBytes},
		// Each dead letter is a failure of its own, whatever its key.
		{s.DeadLetterTopic, s.DeadLetterPartitions, "delete", s.DeadLetterRetentionMS, s.DeadLetterMaxRecordBytes},
	} {
		if err := createTopic(ctx, admin, wanted, copies, s); err != nil {
			return fmt.Errorf("%s: %w", wanted.name, err)
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

// RequireTopics is asked first: a consumer of a topic that is not there would wait for ever, and in silence.
func RequireTopics(ctx context.Context, s settings.Settings, topics ...string) error {
	admin, err := newAdmin(ctx, s)
	if err != nil {
		return err
	}
	defer admin.Close()
	found, err := admin.ListTopics(ctx, topics...)
	if err != nil {
		return err
	}
	var missing []string
	for _, topic := range topics {
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

func createTopic(ctx context.Context, admin *kadm.Client, t topic, copies int16, s settings.Settings) error {
	configs := map[string]string{
		"cleanup.policy":    t.cleanupPolicy,
		"retention.ms":      strconv.FormatInt(t.retentionMS, 10),
		"retention.bytes":   "-1", // by time alone: some clusters cut partitions at a size of their own
		"max.message.bytes": strconv.Itoa(int(t.maxRecordBytes)),
	}
	if s.MinInsyncReplicas > 0 { // some clusters decide it, and let no topic do so
		configs["min.insync.replicas"] = strconv.Itoa(min(s.MinInsyncReplicas, int(copies)))
	}
	asked := map[string]*string{}
	for name, value := range configs {
		asked[name] = &value
	}
	_, err := admin.CreateTopic(ctx, t.partitions, copies, asked, t.name)
	if errors.Is(err, kerr.TopicAlreadyExists) {
		return compare(ctx, admin, t)
	}
	if err != nil {
		return err
	}
	slog.Info("created", "topic", t.name, "partitions", t.partitions, "copies", copies, "configs", configs)
	return waitUntilKnown(ctx, admin, t.name)
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
func compare(ctx context.Context, admin *kadm.Client, t topic) error {
	found, err := admin.ListTopics(ctx, t.name)
	if err != nil {
		return err
	}
	level, partitions := slog.LevelInfo, len(found[t.name].Partitions)
	if partitions != int(t.partitions) {
		level = slog.LevelWarn
	}
	slog.Log(ctx, level, "there already", "topic", t.name, "partitions", partitions, "asked", t.partitions)
	return nil
}
