package messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Settings of one test: names of its own, on whatever broker the file or the environment names. */
final class TestSettings {
  private TestSettings() {}

  static Settings fresh(Map<String, String> changes) {
    String name = "test-" + UUID.randomUUID();
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "TOPIC",
                name,
                "DEAD_LETTER_TOPIC",
                name + ".dead-letters",
                "CONSUMER_GROUP",
                name,
                "PARTITIONS",
                "3",
                "RETRY_BACKOFF_MS",
                "1",
                "SESSION_TIMEOUT_MS",
                "6000"));
    environment.putAll(System.getenv());
    environment.putAll(changes);
    return Settings.load(Settings.FILE, environment);
  }
}
