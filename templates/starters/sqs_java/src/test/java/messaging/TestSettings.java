package messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Settings of one test: queues of its own, on whatever server the file or the environment names.
 */
final class TestSettings {
  private TestSettings() {}

  static Settings standard() {
    return fresh("", Map.of());
  }

  static Settings fifo() {
    return fresh(".fifo", Map.of("FIFO", "true"));
  }

  static Settings fresh(String suffix, Map<String, String> changes) {
    String name = "test-" + UUID.randomUUID();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(
        Map.of(
            "QUEUE_NAME", name + suffix,
            "DEAD_LETTER_QUEUE_NAME", name + "-dead" + suffix,
            "FIFO", "false",
            "CONTENT_BASED_DEDUPLICATION", "false",
            "HIGH_THROUGHPUT_FIFO", "false",
            "TOPIC_NAME", "",
            "DELAY_SECONDS", "0",
            "WAIT_TIME_SECONDS", "1",
            "MAX_RECEIVE_COUNT", "3",
            "VISIBILITY_TIMEOUT_SECONDS", "3"));
    environment.put("WORKER_COUNT", "2");
    environment.putAll(changes);
    return Settings.load(Settings.FILE, environment);
  }
}
