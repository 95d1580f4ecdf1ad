package settings_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/messaging/internal/settings"
)

// Not the settings of this project: what is tested here holds whatever they are.
const sound = `{
	"assumed_latency_ms": 1000, "assumed_message_bytes": 1024, "assumed_messages_per_second": 20, "batch_size": 10,
	"content_based_deduplication": false, "dead_letter_queue_name": "invoice-jobs-dead-letters",
	"dead_letter_retention_seconds": 1209600, "delay_seconds": 0, "endpoint_url": "http://127.0.0.1:4566",
	"fifo": false, "health_port": 0, "high_throughput_fifo": false, "max_receive_count": 5, "max_message_bytes": 262144,
	"message_retention_seconds": 345600, "queue_name": "invoice-jobs", "region": "us-east-1", "topic_name": null,
	"visibility_timeout_seconds": 30, "wait_time_seconds": 20, "worker_count": 5
}`

func load(t *testing.T, written map[string]any, environment map[string]string) (settings.Settings, error) {
	t.Helper()
	values := map[string]any{}
	if err := json.Unmarshal([]byte(sound), &values); err != nil {
		t.Fatal(err)
	}
	maps.Copy(values, written)
	maps.DeleteFunc(values, func(_ string, value any) bool { return value == "absent" })
	deployed := map[string]any{"endpoint_url": nil, "health_port": 8080}
	content, err := json.Marshal(map[string]any{"settings": values, "deployed": deployed})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), settings.File)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return settings.Load(file, func(name string) (string, bool) { value, ok := environment[name]; return value, ok })
}

func TestTheSettingsOfThisProjectAreSoundAndEachHasAReason(t *testing.T) {
	file := "../../" + settings.File
	if _, err := settings.Load(file, func(string) (string, bool) { return "", false }); err != nil {
		t.Error(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Settings, Reasons map[string]any }
	if err := json.Unmarshal(content, &document); err != nil {
		t.Fatal(err)
	}
	keys, reasons := slices.Sorted(maps.Keys(document.Settings)), slices.Sorted(maps.Keys(document.Reasons))
	if !slices.Equal(keys, reasons) {
		t.Errorf("settings %v, reasons %v", keys, reasons)
	}
}

func TestTheEnvironmentOverridesTheFile(t *testing.T) {
	s, err := load(t, nil, map[string]string{"WORKER_COUNT": "7", "TOPIC_NAME": "events", "ENDPOINT_URL": ""})
	if err != nil {
		t.Fatal(err)
	}
	if s.WorkerCount != 7 || *s.TopicName != "events" || s.EndpointURL != nil {
		t.Errorf("found %+v", s)
	}
}

func TestDeployedTheOtherValuesHoldAndTheEnvironmentStillWins(t *testing.T) {
	s, err := load(t, nil, map[string]string{"DEPLOYED": "true", "HEALTH_PORT": "9090"})
	if err != nil || s.EndpointURL != nil || s.HealthPort != 9090 {
		t.Errorf("found %+v, %v", s, err)
	}
}

func TestASenselessSettingIsRefused(t *testing.T) {
	senseless := [][2]string{
		{"QUEUE_NAME", "no/slash"}, {"QUEUE_NAME", "jobs.fifo"}, {"QUEUE_NAME", ""},
		{"DEAD_LETTER_QUEUE_NAME", strings.Repeat("a", 81)}, {"DEAD_LETTER_QUEUE_NAME", "invoice-jobs"},
		{"FIFO", "true"}, {"FIFO", "perhaps"}, {"WORKER_COUNT", "0"}, {"WORKER_COUNT", "many"}, {"BATCH_SIZE", "11"},
		{"WAIT_TIME_SECONDS", "21"}, {"DEAD_LETTER_RETENTION_SECONDS", "60"}, {"CONTENT_BASED_DEDUPLICATION", "true"},
		{"ENDPOINT_URL", "127.0.0.1:4566"}, {"TOPIC_NAME", "events.fifo"}, {"DEPLOYED", "perhaps"},
	}
	for _, pair := range senseless {
		if _, err := load(t, nil, map[string]string{pair[0]: pair[1]}); err == nil {
			t.Errorf("%s=%s was taken", pair[0], pair[1])
		}
	}
}

func TestAllProblemsAreNamedAtOnce(t *testing.T) {
	_, err := load(t, map[string]any{"batch_size": true, "colour": "red", "queue_name": "absent", "region": nil},
		map[string]string{"DEPLOYED": "perhaps"})
	if err == nil {
		t.Fatal("no problem was found")
	}
	var named []string
	for line := range strings.Lines(err.Error()) {
		key, _, _ := strings.Cut(line, ":")
		named = append(named, key)
	}
	slices.Sort(named)
	if !slices.Equal(named, []string{"batch_size", "colour", "deployed", "queue_name", "region"}) {
		t.Errorf("found %v", err)
	}
}
