package bridge;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Settings of one test: names of its own, on whatever servers file or environment name. */
final class TestSettings {
  private TestSettings() {}

  static Settings fresh(Map<String, String> changes) {
    String name = "test-" + UUID.randomUUID();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putIfAbsent("SESSION_TIMEOUT_MS", "6000");
    environment.put("TOPIC", name);
    environment.put("DEAD_LETTER_TOPIC", name + ".dead-letters");
    environment.put("BRIDGE_GROUP", name);
    environment.put("QUEUE_NAME", name);
    environment.putAll(changes);
    return Settings.load(Settings.FILE, environment);
  }
}
