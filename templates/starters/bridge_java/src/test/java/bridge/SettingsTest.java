package bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings come from the file, are overridden by the environment, and are refused if senseless. */
class SettingsTest {
  private static Settings load(Map<String, String> environment) {
    return Settings.load(Settings.FILE, environment);
  }

  @Test
  void theSettingsOfThisProjectAreSoundAndEachHasAReason() throws IOException {
    assertEquals(45_000, load(Map.of()).sessionTimeoutMs());
    assertEquals(Optional.empty(), load(Map.of("DEPLOYED", "true")).endpointUrl());
    JsonNode document = Json.parse(Files.readAllBytes(Settings.FILE));
    assertEquals(keys(document.get("settings")), keys(document.get("reasons")));
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new HashSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void theEnvironmentOverridesTheFile() {
    Settings settings = load(Map.of("MAX_POLL_RECORDS", "7", "SASL_MECHANISM", ""));
    assertEquals(7, settings.maxPollRecords());
    assertEquals(Optional.empty(), settings.saslMechanism());
  }

  @ParameterizedTest
  @CsvSource({
    "TOPIC, ''",
    "QUEUE_NAME, ''",
    "QUEUE_NAME, jobs.fifo",
    "MAX_POLL_RECORDS, 0",
    "MAX_POLL_RECORDS, many",
    "SECURITY_PROTOCOL, SASL_SSL",
    "SECURITY_PROTOCOL, none",
    "SASL_MECHANISM, PLAIN",
    "ENDPOINT_URL, 127.0.0.1:4566",
    "HEALTH_PORT, 65536",
    "DEPLOYED, perhaps",
  })
  void aSenselessSettingIsRefused(String name, String text) {
    assertThrows(SettingsException.class, () -> load(Map.of(name, text)));
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    Map<String, String> senseless =
        Map.of("HEALTH_PORT", "many", "MAX_POLL_RECORDS", "", "DEPLOYED", "perhaps");
    SettingsException error = assertThrows(SettingsException.class, () -> load(senseless));
    List<String> named =
        error.getMessage().lines().map(line -> line.split(":", 2)[0]).sorted().toList();
    assertEquals(List.of("deployed", "health_port", "max_poll_records"), named);
  }
}
