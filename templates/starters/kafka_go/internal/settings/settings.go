// Package settings reads what the workload decided: settings.json, each key overridable by the environment variable
// of its upper-cased name. Secrets are not settings: they come from the environment only.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// File lies in the root of the project, where its commands run.
const File = "settings.json"

// Settings has a field for each key of settings.json; a pointer may be null.
type Settings struct {
	BootstrapServers         string  `json:"bootstrap_servers"`
	Topic                    string  `json:"topic"`
	DeadLetterTopic          string  `json:"dead_letter_topic"`
	Partitions               int32   `json:"partitions"`
	DeadLetterPartitions     int32   `json:"dead_letter_partitions"`
	ReplicationFactor        int16   `json:"replication_factor"`
	MinInsyncReplicas        int     `json:"min_insync_replicas"`
	CleanupPolicy            string  `json:"cleanup_policy"`
	RetentionMS              int64   `json:"retention_ms"`
	DeadLetterRetentionMS    int64   `json:"dead_letter_retention_ms"`
	MaxRecordBytes           int32   `json:"max_record_bytes"`
	DeadLetterMaxRecordBytes int32   `json:"dead_letter_max_record_bytes"`
	ConsumerGroup            string  `json:"consumer_group"`
	Acks                     string  `json:"acks"`
	EnableIdempotence        bool    `json:"enable_idempotence"`
	LingerMS                 int     `json:"linger_ms"`
	CompressionType          string  `json:"compression_type"`
	MaxPollRecords           int     `json:"max_poll_records"`
	MaxPollIntervalMS        int     `json:"max_poll_interval_ms"`
	MaxAttempts              int     `json:"max_attempts"`
	RetryBackoffMS           int     `json:"retry_backoff_ms"`
	SecurityProtocol         string  `json:"security_protocol"`
	SASLMechanism            *string `json:"sasl_mechanism"`
	HealthPort               int     `json:"health_port"`

	AssumedMessagesPerSecond int `json:"assumed_messages_per_second"`
	AssumedMessageBytes      int `json:"assumed_message_bytes"`
	AssumedLatencyMS         int `json:"assumed_latency_ms"`

	// How long a consumer that died keeps its partitions. Not decided by the workload: Kafka's own value.
	SessionTimeoutMS int `json:"session_timeout_ms,omitempty"`
}

// Load reads the file, then what the environment overrides. Its error names every problem, one a line.
func Load(file string, environment func(string) (string, bool)) (Settings, error) {
	written, err := read(file)
	if err != nil {
		return Settings{}, err
	}
	values, err := stage(written, environment)
	settings := Settings{SessionTimeoutMS: 45_000}
	problems := fill(&settings, values, environment)
	if err != nil {
		problems = append(problems, err)
	}
	if len(problems) == 0 {
		problems = unsound(settings)
	}
	return settings, errors.Join(problems...)
}

type document struct{ Settings, Deployed map[string]json.RawMessage }

func read(file string) (document, error) {
	var written document
	content, err := os.ReadFile(file)
	if err != nil {
		return written, err
	}
	if err := json.Unmarshal(content, &written); err != nil {
		return written, fmt.Errorf("%s: %w", file, err)
	}
	return written, nil
}

// With DEPLOYED=true the keys under "deployed" stand in for those of local work.
func stage(written document, environment func(string) (string, bool)) (map[string]json.RawMessage, error) {
	values := maps.Clone(written.Settings)
	switch value, _ := environment("DEPLOYED"); strings.ToLower(value) {
	case "true":
		maps.Copy(values, written.Deployed)
	case "", "false":
	default:
		return values, fmt.Errorf("deployed: %q is neither true nor false", value)
	}
	return values, nil
}

func fill(settings *Settings, written map[string]json.RawMessage, environment func(string) (string, bool)) []error {
	var problems []error
	unknown := maps.Clone(written)
	for field, value := range reflect.ValueOf(settings).Elem().Fields() {
		key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		raw, isWritten := written[key]
		delete(unknown, key)
		var err error
		if text, isGiven := environment(strings.ToUpper(key)); isGiven {
			err = fromText(value, text)
		} else if isWritten {
			err = fromJSON(value, raw)
		} else if options != "omitempty" {
			err = errors.New("missing")
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", key, err))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(unknown)) {
		problems = append(problems, fmt.Errorf("%s: unknown setting", key))
	}
	return problems
}

func fromText(field reflect.Value, text string) error {
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
	case reflect.Pointer:
		if text != "" {
			field.Set(reflect.ValueOf(&text))
		}
	case reflect.Bool:
		lower := strings.ToLower(text)
		if lower != "true" && lower != "false" {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		field.SetBool(lower == "true")
	default:
		number, err := strconv.ParseInt(text, 10, field.Type().Bits())
		if err != nil {
			return fmt.Errorf("%q is not a whole number, or too large", text)
		}
		field.SetInt(number)
	}
	return nil
}

func fromJSON(field reflect.Value, raw json.RawMessage) error {
	isNull := string(raw) == "null"
	if isNull && field.Kind() != reflect.Pointer || json.Unmarshal(raw, field.Addr().Interface()) != nil {
		return fmt.Errorf("%s is not of the expected type (%s)", raw, field.Type())
	}
	return nil
}
