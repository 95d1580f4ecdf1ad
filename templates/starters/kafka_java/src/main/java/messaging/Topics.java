package messaging;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic and its dead-letter topic: created where missing, and never changed when they are
 * there.
 */
public final class Topics {
  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  private Topics() {}

  static void create(Settings settings) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Connection.of(settings))) {
      int copies = possibleCopies(admin, settings);
      create(admin, settings.topic(), settings.retentionMs(), copies, settings);
      create(admin, settings.deadLetterTopic(), settings.deadLetterRetentionMs(), copies, settings);
    }
  }

  private static void create(
      Admin admin, String topic, long retentionMs, int copies, Settings settings)
      throws ExecutionException, InterruptedException {
    NewTopic wanted =
        new NewTopic(topic, Optional.of(settings.partitions()), Optional.of((short) copies))
            .configs(
                Map.of(
                    "retention.ms", Long.toString(retentionMs),
                    "min.insync.replicas",
                        Integer.toString(Math.min(settings.minInsyncReplicas(), copies))));
    try {
      admin.createTopics(List.of(wanted)).all().get();
      log.atInfo()
          .addKeyValue("topic", topic)
          .addKeyValue("num_partitions", settings.partitions())
          .addKeyValue("replication_factor", copies)
          .addKeyValue("configs", wanted.configs())
          .log("created");
    } catch (ExecutionException error) {
      if (!(error.getCause() instanceof TopicExistsException)) {
        throw error;
      }
      compare(admin, topic, settings);
    }
  }

  private static int possibleCopies(Admin admin, Settings settings)
      throws ExecutionException, InterruptedException {
    int brokers = admin.describeCluster().nodes().get().size();
    if (brokers >= settings.replicationFactor()) {
      return settings.replicationFactor();
    }
    log.atWarn()
        .addKeyValue("copies", brokers)
        .addKeyValue("asked", settings.replicationFactor())
        .log("fewer brokers than copies asked for");
    return brokers;
  }

  /**
   * Only says so: more partitions would send a key's next records to another partition, and so lose
   * its order.
   */
  private static void compare(Admin admin, String topic, Settings settings)
      throws ExecutionException, InterruptedException {
    int found =
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    (found == settings.partitions() ? log.atInfo() : log.atWarn())
        .addKeyValue("topic", topic)
        .addKeyValue("partitions", found)
        .log("there already");
  }

  /** A consumer of a topic that is not there would wait for ever, and in silence. */
  static void require(Settings settings) throws ExecutionException, InterruptedException {
    TreeSet<String> missing = new TreeSet<>(List.of(settings.topic(), settings.deadLetterTopic()));
    try (Admin admin = Admin.create(Connection.of(settings))) {
      missing.removeAll(admin.listTopics().names().get());
    }
    if (!missing.isEmpty()) {
      throw new MissingException(
          "no such topic: " + String.join(", ", missing) + " (make topics creates them)");
    }
  }

  public static void main(String[] arguments) {
    Program.run(
        settings -> {
          create(settings);
          return true;
        });
  }
}
