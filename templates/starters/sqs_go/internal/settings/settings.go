// Package settings reads what the workload decided: settings.json, each key overridable by the environment variable
// of its upper-cased name. AWS credentials are not settings: the SDK finds them where it always does.
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
	QueueName                  string  `json:"queue_name"`
	DeadLetterQueueName        string  `json:"dead_letter_queue_name"`
	Region                     string  `json:"region"`
	EndpointURL                *string `json:"endpoint_url"`
	FIFO                       bool    `json:"fifo"`
	VisibilityTimeoutSeconds   int     `json:"visibility_timeout_seconds"`
	MessageRetentionSeconds    int     `json:"message_retention_seconds"`
	DeadLetterRetentionSeconds int     `json:"dead_letter_retention_seconds"`
	WaitTimeSeconds            int     `json:"wait_time_seconds"`
	BatchSize                  int     `json:"batch_size"`
	MaxReceiveCount            int     `json:"max_receive_count"`
	DelaySeconds               int     `json:"delay_seconds"`
	MaxMessageBytes            int     `json:"max_message_bytes"`
	ContentBasedDeduplication  bool    `json:"content_based_deduplication"`
	HighThroughputFIFO         bool    `json:"high_throughput_fifo"`
	WorkerCount                int     `json:"worker_count"`
	TopicName                  *string `json:"topic_name"`
	HealthPort                 int     `json:"health_port"`

	AssumedMessagesPerSecond int `json:"assumed_messages_per_second"`
	AssumedMessageBytes      int `json:"assumed_message_bytes"`
	AssumedLatencyMS         int `json:"assumed_latency_ms"`
}

// QueueDelaySeconds is by how much every message is delayed: only a standard queue that is sent to directly delays each
// by what is asked.
func (s Settings) QueueDelaySeconds() int {
	if s.FIFO || s.TopicName != nil {
		return s.DelaySeconds
	}
	return 0
}

// MessageDelaySecondsMax is the most that may be asked for one message.
func (s Settings) MessageDelaySecondsMax() int { return s.DelaySeconds - s.QueueDelaySeconds() }

// Load reads the file, then what the environment overrides. Its error names every problem, one a line.
func Load(file string, environment func(string) (string, bool)) (Settings, error) {
	written, err := read(file)
	if err != nil {
		return Settings{}, err
	}
	values, err := stage(written, environment)
	var settings Settings
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
		key := field.Tag.Get("json")
		raw, isWritten := written[key]
		delete(unknown, key)
		var err error
		if text, isGiven := environment(strings.ToUpper(key)); isGiven {
			err = fromText(value, text)
		} else if isWritten {
			err = fromJSON(value, raw)
		} else {
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
