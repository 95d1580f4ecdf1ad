package messaging;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings come from the file, are overridden by the environment, and are refused if senseless. */
class SettingsTest {
  // Not the settings of this project: what is tested here holds whatever they are.
  private static final String SOUND =
      """
      {
        "settings": {
          "assumed_latency_ms": 60000, "assumed_message_bytes": 2048,
          "assumed_messages_per_second": 20, "health_port": 0, "topic_name": null,
          "batch_size": 10, "content_based_deduplication": false,
          "dead_letter_queue_name": "invoice-jobs-dead-letters",
          "dead_letter_retention_seconds": 1209600, "delay_seconds": 0,
          "endpoint_url": "http://127.0.0.1:4566", "fifo": false,
          "high_throughput_fifo": false, "max_receive_count": 5, "max_message_bytes": 262144,
          "message_retention_seconds": 345600, "queue_name": "invoice-jobs",
          "region": "us-east-1", "visibility_timeout_seconds": 30,
          "wait_time_seconds": 20, "worker_count": 5
        },
        "deployed": { "endpoint_url": null, "health_port": 8080 }
      }
      """;

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void writeSoundSettings() throws IOException {
    file = Files.writeString(folder.resolve("settings.json"), SOUND);
  }

  @Test
  void theSettingsOfThisProjectAreSoundAndEachHasAReason() throws IOException {
    assertDoesNotThrow(() -> Settings.load(Settings.FILE, Map.of()));
    assertDoesNotThrow(() -> Settings.load(Settings.FILE, Map.of("DEPLOYED", "true")));
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
    Settings settings =
        Settings.load(file, Map.of("WORKER_COUNT", "7", "FIFO", "false", "ENDPOINT_URL", ""));
    assertEquals(7, settings.workerCount());
    assertFalse(settings.fifo());
    assertEquals(Optional.empty(), settings.endpointUrl());
  }

  @Test
  void deployedSettingsStandInForTheLocalOnesAndTheEnvironmentForBoth() {
    Settings settings = Settings.load(file, Map.of("DEPLOYED", "true", "HEALTH_PORT", "9000"));
    assertEquals(Optional.empty(), settings.endpointUrl());
    assertEquals(9_000, settings.healthPort());
    Settings local = Settings.load(file, Map.of("DEPLOYED", "false"));
    assertEquals(Optional.of("http://127.0.0.1:4566"), local.endpointUrl());
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUE_NAME, no/slash",
    "QUEUE_NAME, jobs.fifo",
    "QUEUE_NAME, ''",
    "FIFO, true",
    "FIFO, perhaps",
    "WORKER_COUNT, 0",
    "WORKER_COUNT, many",
    "BATCH_SIZE, 11",
    "WAIT_TIME_SECONDS, 21",
    "DEAD_LETTER_RETENTION_SECONDS, 60",
    "CONTENT_BASED_DEDUPLICATION, true",
    "ENDPOINT_URL, 127.0.0.1:4566",
    "DEPLOYED, yes",
    "HEALTH_PORT, 70000",
    "ASSUMED_LATENCY_MS, 0",
    "TOPIC_NAME, events.fifo",
  })
  void aSenselessSettingIsRefused(String name, String text) {
    assertThrows(SettingsException.class, () -> Settings.load(file, Map.of(name, text)));
  }

  @Test
  void allProblemsAreNamedAtOnce() throws IOException {
    ObjectNode document = (ObjectNode) Json.parse(Files.readAllBytes(file));
    ObjectNode settings = (ObjectNode) document.get("settings");
    settings.put("batch_size", true).put("colour", "red").remove("queue_name");
    Files.write(file, Json.write(document));
    SettingsException refused =
        assertThrows(SettingsException.class, () -> Settings.load(file, Map.of()));
    List<String> named =
        Arrays.stream(refused.getMessage().split("\n", -1))
            .map(line -> line.split(":", 2)[0])
            .sorted()
            .toList();
    assertEquals(List.of("batch_size", "colour", "queue_name"), named);
  }
}
