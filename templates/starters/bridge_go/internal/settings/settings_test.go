package settings_test

import (
	"testing"

	"example.com/bridge/internal/settings"
)

func load(environment map[string]string) (settings.Settings, error) {
	look := func(name string) (string, bool) { value, ok := environment[name]; return value, ok }
	return settings.Load("../../"+settings.File, look)
}

func TestTheSettingsOfThisProjectAreSoundHereAndDeployed(t *testing.T) {
	here, err := load(nil)
	if err != nil || here.SASLMechanism != nil && here.SecurityProtocol == "PLAINTEXT" {
		t.Errorf("found %+v, %v", here, err)
	}
	deployed, err := load(map[string]string{"DEPLOYED": "true"})
	if err != nil || deployed.EndpointURL != nil {
		t.Errorf("found %+v, %v", deployed, err)
	}
}

func TestASenselessSettingIsRefused(t *testing.T) {
	senseless := [][2]string{
		{"BOOTSTRAP_SERVERS", ""}, {"BRIDGE_GROUP", ""}, {"TOPIC", ""}, {"QUEUE_NAME", "jobs.fifo"}, {"MAX_POLL_RECORDS", "0"}, {"MAX_POLL_RECORDS", "many"},
		{"HEALTH_PORT", "65536"}, {"SECURITY_PROTOCOL", "SASL_SSL"}, {"SASL_MECHANISM", "PLAIN"},
		{"ENDPOINT_URL", "127.0.0.1:4566"}, {"DEPLOYED", "perhaps"},
	}
	for _, pair := range senseless {
		if _, err := load(map[string]string{pair[0]: pair[1]}); err == nil {
			t.Errorf("%s=%s was taken", pair[0], pair[1])
		}
	}
}
