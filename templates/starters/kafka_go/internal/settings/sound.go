package settings

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

var topicName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)

// What would be found out late, or never, if nobody looked here.
func unsound(s Settings) []error {
	var problems []error
	claim := func(holds bool, format string, arguments ...any) {
		if !holds {
			problems = append(problems, fmt.Errorf(format, arguments...))
		}
	}
	counts := []struct {
		name  string
		value int
	}{
		{"partitions", int(s.Partitions)},
		{"dead_letter_partitions", int(s.DeadLetterPartitions)},
		{"replication_factor", int(s.ReplicationFactor)},
		{"max_record_bytes", int(s.MaxRecordBytes)},
		{"max_poll_records", s.MaxPollRecords},
		{"max_poll_interval_ms", s.MaxPollIntervalMS},
		{"max_attempts", s.MaxAttempts},
		{"session_timeout_ms", s.SessionTimeoutMS},
		{"assumed_messages_per_second", s.AssumedMessagesPerSecond},
		{"assumed_message_bytes", s.AssumedMessageBytes},
		{"assumed_latency_ms", s.AssumedLatencyMS},
	}
	for _, count := range counts {
		claim(count.value >= 1, "%s: must be at least 1", count.name)
	}
	claim(s.BootstrapServers != "", "bootstrap_servers: must not be empty")
	claim(s.ConsumerGroup != "", "consumer_group: must not be empty")
	claim(isTopicName(s.Topic), "topic: %q is not a topic name", s.Topic)
	claim(isTopicName(s.DeadLetterTopic), "dead_letter_topic: %q is not a topic name", s.DeadLetterTopic)
	claim(s.Topic != s.DeadLetterTopic, "dead_letter_topic: must differ from topic")
	claim(slices.Contains([]string{"delete", "compact", "compact,delete"}, s.CleanupPolicy),
		"cleanup_policy: must be delete, compact or compact,delete")
	claim(s.RetentionMS >= -1, "retention_ms: must be a duration, or -1 for ever")
	claim(s.DeadLetterRetentionMS >= -1, "dead_letter_retention_ms: must be a duration, or -1 for ever")
	claim(s.LingerMS >= 0 && s.RetryBackoffMS >= 0, "linger_ms, retry_backoff_ms: must not be negative")
	claim(s.MinInsyncReplicas >= 0 && s.MinInsyncReplicas <= int(s.ReplicationFactor),
		"min_insync_replicas: must be between 0, which leaves it to the cluster, and replication_factor")
	claim(s.DeadLetterMaxRecordBytes >= s.MaxRecordBytes, "dead_letter_max_record_bytes: below max_record_bytes")
	claim(slices.Contains([]string{"all", "1", "0"}, s.Acks), "acks: must be all, 1 or 0")
	claim(s.Acks == "all" || !s.EnableIdempotence, "enable_idempotence: needs acks to be all")
	claim(slices.Contains([]string{"gzip", "none"}, s.CompressionType), "compression_type: must be gzip or none")
	claim(s.HealthPort >= 0 && s.HealthPort <= 65_535, "health_port: must be a port, or 0 for none")
	claim(pausesMS(s) <= s.MaxPollIntervalMS/2,
		"retry_backoff_ms: the pauses of max_attempts add up to more than half of max_poll_interval_ms")
	return append(problems, unsoundSecurity(s)...)
}

func unsoundSecurity(s Settings) []error {
	var problems []error
	protocols := []string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}
	if !slices.Contains(protocols, s.SecurityProtocol) {
		problems = append(problems, fmt.Errorf("security_protocol: must be one of %v", protocols))
	}
	usesSASL := s.SecurityProtocol == "SASL_PLAINTEXT" || s.SecurityProtocol == "SASL_SSL"
	if usesSASL != (s.SASLMechanism != nil) {
		problems = append(problems, errors.New("sasl_mechanism: needed by the SASL protocols and by no other"))
	}
	mechanisms := []string{"PLAIN", "SCRAM-SHA-512", "AWS_MSK_IAM"}
	if s.SASLMechanism != nil && !slices.Contains(mechanisms, *s.SASLMechanism) {
		problems = append(problems, fmt.Errorf("sasl_mechanism: must be one of %v", mechanisms))
	}
	return problems
}

func isTopicName(name string) bool {
	return topicName.MatchString(name) && name != "." && name != ".."
}

// How long one message is waited for at most, over all its attempts.
func pausesMS(s Settings) int {
	sum, pause := 0, s.RetryBackoffMS
	for attempt := 1; attempt < s.MaxAttempts && sum <= s.MaxPollIntervalMS; attempt++ {
		sum += pause
		pause *= 2
	}
	return sum
}
