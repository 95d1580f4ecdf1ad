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
          "acks": "all", "bootstrap_servers": "127.0.0.1:9092", "compression_type": "gzip",
          "consumer_group": "order-events-consumer", "topic": "order-events",
          "dead_letter_topic": "order-events.dead-letters", "enable_idempotence": true,
          "linger_ms": 20, "max_attempts": 5, "max_poll_interval_ms": 300000,
          "max_poll_records": 100, "min_insync_replicas": 2, "partitions": 12,
          "cleanup_policy": "delete", "replication_factor": 3, "retention_ms": 604800000, "retry_backoff_ms": 200,
          "dead_letter_retention_ms": 1209600000, "dead_letter_partitions": 3,
          "max_record_bytes": 1048588, "dead_letter_max_record_bytes": 1114124,
          "sasl_mechanism": null, "security_protocol": "PLAINTEXT", "health_port": 0,
          "assumed_messages_per_second": 2000, "assumed_message_bytes": 1024,
          "assumed_latency_ms": 1000
        },
        "deployed": {
          "security_protocol": "SASL_SSL", "sasl_mechanism": "AWS_MSK_IAM", "health_port": 8080
        }
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
        Settings.load(
            file, Map.of("PARTITIONS", "7", "ENABLE_IDEMPOTENCE", "false", "SASL_MECHANISM", ""));
    assertEquals(7, settings.partitions());
    assertFalse(settings.enableIdempotence());
    assertEquals(Optional.empty(), settings.saslMechanism());
    assertEquals(45_000, settings.sessionTimeoutMs());
  }

  @Test
  void deployedSettingsStandInForTheLocalOnesAndTheEnvironmentForBoth() {
    Settings settings =
        Settings.load(file, Map.of("DEPLOYED", "true", "SASL_MECHANISM", "SCRAM-SHA-512"));
    assertEquals("SASL_SSL", settings.securityProtocol());
    assertEquals(Optional.of("SCRAM-SHA-512"), settings.saslMechanism());
    assertEquals("PLAINTEXT", Settings.load(file, Map.of("DEPLOYED", "false")).securityProtocol());
  }

  @ParameterizedTest
  @CsvSource({
    "TOPIC, no/slash",
    "TOPIC, ..",
    "TOPIC, ''",
    "PARTITIONS, 0",
    "PARTITIONS, many",
    "ENABLE_IDEMPOTENCE, perhaps",
    "ACKS, 1",
    "COMPRESSION_TYPE, zip",
    "CLEANUP_POLICY, keep",
    "MIN_INSYNC_REPLICAS, 9",
    "MIN_INSYNC_REPLICAS, -1",
    "DEAD_LETTER_PARTITIONS, 0",
    "MAX_RECORD_BYTES, 2000000",
    "SECURITY_PROTOCOL, SASL_SSL",
    "SASL_MECHANISM, PLAIN",
    "RETRY_BACKOFF_MS, 100000",
    "MAX_ATTEMPTS, 62",
    "DEPLOYED, yes",
    "HEALTH_PORT, 70000",
    "ASSUMED_LATENCY_MS, 0",
  })
  void aSenselessSettingIsRefused(String name, String text) {
    assertThrows(SettingsException.class, () -> Settings.load(file, Map.of(name, text)));
  }

  @Test
  void allProblemsAreNamedAtOnce() throws IOException {
    ObjectNode document = (ObjectNode) Json.parse(Files.readAllBytes(file));
    ObjectNode settings = (ObjectNode) document.get("settings");
    settings.put("partitions", true).put("colour", "red").remove("topic");
    Files.write(file, Json.write(document));
    SettingsException refused =
        assertThrows(SettingsException.class, () -> Settings.load(file, Map.of()));
    List<String> named =
        Arrays.stream(refused.getMessage().split("\n", -1))
            .map(line -> line.split(":", 2)[0])
            .sorted()
            .toList();
    assertEquals(List.of("colour", "partitions", "topic"), named);
  }
}
