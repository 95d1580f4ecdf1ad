package settings

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

const (
	maxQueueName = 80
	maxTopicName = 256
)

// What would be found out late, or never, if nobody looked here.
func unsound(s Settings) []error {
	var problems []error
	claim := func(holds bool, format string, arguments ...any) {
		if !holds {
			problems = append(problems, fmt.Errorf(format, arguments...))
		}
	}
	shape := "without .fifo"
	if s.FIFO {
		shape = "ending in .fifo"
	}
	claim(isName(s.QueueName, queueName, maxQueueName, s.FIFO), "queue_name: %q is no queue name %s", s.QueueName, shape)
	claim(isName(s.DeadLetterQueueName, queueName, maxQueueName, s.FIFO),
		"dead_letter_queue_name: %q is no queue name %s", s.DeadLetterQueueName, shape)
	if s.TopicName != nil {
		claim(isName(*s.TopicName, topicName, maxTopicName, s.FIFO), "topic_name: %q is no topic name %s", *s.TopicName, shape)
	}
	claim(s.QueueName != s.DeadLetterQueueName, "dead_letter_queue_name: must differ from queue_name")
	claim(s.FIFO || !(s.ContentBasedDeduplication || s.HighThroughputFIFO),
		"content_based_deduplication, high_throughput_fifo: for FIFO queues only")
	claim(s.MessageRetentionSeconds <= s.DeadLetterRetentionSeconds,
		"dead_letter_retention_seconds: below message_retention_seconds (the age counts from the first sending)")
	claim(s.EndpointURL == nil || strings.HasPrefix(*s.EndpointURL, "http://") || strings.HasPrefix(*s.EndpointURL, "https://"),
		"endpoint_url: must be a URL, or null for AWS")
	for _, bound := range bounds(s) {
		claim(bound.low <= bound.value && bound.value <= bound.high,
			"%s: must be between %d and %d", bound.key, bound.low, bound.high)
	}
	return problems
}

func isName(name string, pattern *regexp.Regexp, longest int, isFIFO bool) bool {
	bare, endsInFIFO := strings.CutSuffix(name, ".fifo")
	return pattern.MatchString(bare) && len(name) <= longest && endsInFIFO == isFIFO
}

type bound struct {
	key              string
	value, low, high int
}

// What SQS accepts: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
// and .../API_ReceiveMessage.html
func bounds(s Settings) []bound {
	return []bound{
		{"visibility_timeout_seconds", s.VisibilityTimeoutSeconds, 1, 43_200},
		{"message_retention_seconds", s.MessageRetentionSeconds, 60, 1_209_600},
		{"dead_letter_retention_seconds", s.DeadLetterRetentionSeconds, 60, 1_209_600},
		{"wait_time_seconds", s.WaitTimeSeconds, 0, 20},
		{"batch_size", s.BatchSize, 1, 10},
		{"max_receive_count", s.MaxReceiveCount, 1, 1_000},
		{"delay_seconds", s.DelaySeconds, 0, 900},
		{"max_message_bytes", s.MaxMessageBytes, 1_024, 1_048_576},
		{"worker_count", s.WorkerCount, 1, 1_000},
		{"health_port", s.HealthPort, 0, 65_535},
		{"assumed_messages_per_second", s.AssumedMessagesPerSecond, 1, 1_000_000_000},
		{"assumed_message_bytes", s.AssumedMessageBytes, 1, 1_048_576},
		{"assumed_latency_ms", s.AssumedLatencyMS, 1, 1_000_000_000},
	}
}
