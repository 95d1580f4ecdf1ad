package settings

import (
	"fmt"
	"slices"
	"strings"
)

// What would be found out late, or never, if nobody looked here.
func unsound(s Settings) []error {
	var problems []error
	claim := func(holds bool, format string, arguments ...any) {
		if !holds {
			problems = append(problems, fmt.Errorf(format, arguments...))
		}
	}
	isURL := func(text string) bool {
		return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
	}
	protocols := []string{"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"}
	mechanisms := []string{"PLAIN", "SCRAM-SHA-512", "AWS_MSK_IAM"}
	claim(s.BootstrapServers != "", "bootstrap_servers: must not be empty")
	claim(s.Topic != "", "topic: must not be empty")
	claim(s.BridgeGroup != "", "bridge_group: must not be empty")
	claim(s.QueueName != "", "queue_name: must not be empty")
	claim(s.Topic != s.DeadLetterTopic, "dead_letter_topic: must differ from topic")
	claim(!strings.HasSuffix(s.QueueName, ".fifo"), "queue_name: the bridge keeps no order, so the queue is a standard one")
	claim(s.MaxPollRecords >= 1, "max_poll_records: must be at least 1")
	claim(s.MaxPollIntervalMS >= 1, "max_poll_interval_ms: must be at least 1")
	claim(s.SessionTimeoutMS >= 1, "session_timeout_ms: must be at least 1")
	claim(s.HealthPort >= 0 && s.HealthPort <= 65_535, "health_port: must be a port, or 0 for none")
	claim(s.EndpointURL == nil || isURL(*s.EndpointURL), "endpoint_url: must be a URL, or null for AWS")
	claim(slices.Contains(protocols, s.SecurityProtocol), "security_protocol: must be one of %v", protocols)
	claim(strings.HasPrefix(s.SecurityProtocol, "SASL_") == (s.SASLMechanism != nil),
		"sasl_mechanism: needed by the SASL protocols and by no other")
	claim(s.SASLMechanism == nil || slices.Contains(mechanisms, *s.SASLMechanism),
		"sasl_mechanism: must be one of %v", mechanisms)
	return problems
}
