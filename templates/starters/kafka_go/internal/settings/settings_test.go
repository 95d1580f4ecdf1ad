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
	"acks": "all", "assumed_latency_ms": 1000, "assumed_message_bytes": 1024, "assumed_messages_per_second": 2000,
	"bootstrap_servers": "127.0.0.1:9092", "compression_type": "gzip", "consumer_group": "order-events-consumer",
	"dead_letter_topic": "order-events.dead-letters", "dead_letter_retention_ms": 1209600000, "enable_idempotence": true, "health_port": 0, "linger_ms": 20,
	"dead_letter_partitions": 3, "max_record_bytes": 1048588, "dead_letter_max_record_bytes": 1114124,
	"max_attempts": 5, "max_poll_interval_ms": 300000, "max_poll_records": 100, "min_insync_replicas": 2,
	"cleanup_policy": "delete", "partitions": 12, "replication_factor": 3, "retention_ms": 604800000, "retry_backoff_ms": 200,
	"sasl_mechanism": null, "security_protocol": "PLAINTEXT", "topic": "order-events"
}`

func load(t *testing.T, written map[string]any, environment map[string]string) (settings.Settings, error) {
	t.Helper()
	values := map[string]any{}
	if err := json.Unmarshal([]byte(sound), &values); err != nil {
		t.Fatal(err)
	}
	maps.Copy(values, written)
	maps.DeleteFunc(values, func(_ string, value any) bool { return value == "absent" })
	deployed := map[string]string{"security_protocol": "SASL_SSL", "sasl_mechanism": "AWS_MSK_IAM"}
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
	environment := map[string]string{
		"PARTITIONS": "7", "ENABLE_IDEMPOTENCE": "false", "SASL_MECHANISM": "", "SESSION_TIMEOUT_MS": "6000",
	}
	s, err := load(t, nil, environment)
	if err != nil {
		t.Fatal(err)
	}
	if s.Partitions != 7 || s.EnableIdempotence || s.SASLMechanism != nil || s.SessionTimeoutMS != 6000 {
		t.Errorf("found %+v", s)
	}
}

func TestDeployedTheOtherValuesHoldAndTheEnvironmentStillWins(t *testing.T) {
	s, err := load(t, nil, map[string]string{"DEPLOYED": "true"})
	if err != nil || s.SecurityProtocol != "SASL_SSL" || *s.SASLMechanism != "AWS_MSK_IAM" {
		t.Errorf("found %+v, %v", s, err)
	}
	s, err = load(t, nil, map[string]string{"DEPLOYED": "true", "SECURITY_PROTOCOL": "SSL", "SASL_MECHANISM": ""})
	if err != nil || s.SecurityProtocol != "SSL" || s.SASLMechanism != nil {
		t.Errorf("found %+v, %v", s, err)
	}
}

func TestASenselessSettingIsRefused(t *testing.T) {
	senseless := [][2]string{
		{"TOPIC", "no/slash"}, {"TOPIC", ".."}, {"TOPIC", ""}, {"DEAD_LETTER_TOPIC", strings.Repeat("a", 250)},
		{"PARTITIONS", "0"}, {"PARTITIONS", "many"}, {"ENABLE_IDEMPOTENCE", "perhaps"}, {"ACKS", "1"},
		{"CLEANUP_POLICY", "keep"}, {"COMPRESSION_TYPE", "zip"}, {"MIN_INSYNC_REPLICAS", "9"}, {"MIN_INSYNC_REPLICAS", "-1"},
		{"DEAD_LETTER_PARTITIONS", "0"}, {"MAX_RECORD_BYTES", "2000000"}, {"SECURITY_PROTOCOL", "SASL_SSL"},
		{"SASL_MECHANISM", "PLAIN"}, {"RETRY_BACKOFF_MS", "100000"}, {"DEPLOYED", "perhaps"}, {"HEALTH_PORT", "65536"},
	}
	for _, pair := range senseless {
		if _, err := load(t, nil, map[string]string{pair[0]: pair[1]}); err == nil {
			t.Errorf("%s=%s was taken", pair[0], pair[1])
		}
	}
}

func TestAllProblemsAreNamedAtOnce(t *testing.T) {
	_, err := load(t, map[string]any{"partitions": true, "colour": "red", "topic": "absent", "acks": nil},
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
	if !slices.Equal(named, []string{"acks", "colour", "deployed", "partitions", "topic"}) {
		t.Errorf("found %v", err)
	}
}
