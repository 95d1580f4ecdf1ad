package bridge;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;

/** The topic and its dead-letter topic, which the project beside makes. */
final class Topics {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Topics() {}

  /** A bridge from a topic that is not there would wait for ever, and in silence. */
  static void require(Settings settings) throws ExecutionException, InterruptedException {
    TreeSet<String> missing = new TreeSet<>(List.of(settings.topic(), settings.deadLetterTopic()));
    try (Admin admin = Admin.create(Connection.of(settings))) {
      ListTopicsOptions soon = new ListTopicsOptions().timeoutMs((int) PATIENCE.toMillis());
      missing.removeAll(admin.listTopics(soon).names().get());
    }
    if (!missing.isEmpty()) {
      throw new MissingException(
          "no such topic: " + String.join(", ", missing) + " (make topics, in the Kafka project)");
    }
  }
}
