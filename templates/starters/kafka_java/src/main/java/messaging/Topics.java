package messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic and its dead-letter topic: created where missing, and never changed when they are
 * there.
 */
public final class Topics {
  private static final Logger log = LoggerFactory.getLogger(Topics.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private Topics() {}

  private record Topic(
      String name, int partitions, String cleanupPolicy, long retentionMs, int maxRecordBytes) {}

  private static List<Topic> wanted(Settings settings) {
    return List.of(
        new Topic(
            settings.topic(),
            settings.partitions(),
            settings.cleanupPolicy(),
            settings.retentionMs(),
            settings.maxRecordBytes()),
        new Topic(
            settings.deadLetterTopic(),
            settings.deadLetterPartitions(),
            "delete", // each is a failure of its own, whatever its key
            settings.deadLetterRetentionMs(),
            settings.deadLetterMaxRecordBytes()));
  }

  static void create(Settings settings) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Connection.of(settings))) {
      int copies = possibleCopies(admin, settings);
      for (Topic topic : wanted(settings)) {
        create(admin, topic, copies, settings);
      }
    }
  }

  private static void create(Admin admin, Topic topic, int copies, Settings settings)
      throws ExecutionException, InterruptedException {
    NewTopic wanted =
        new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.of((short) copies))
            .configs(configs(topic, copies, settings));
    try {
      admin.createTopics(List.of(wanted)).all().get();
      waitUntilKnown(admin, topic.name());
      log.atInfo()
          .addKeyValue("topic", topic.name())
          .addKeyValue("num_partitions", topic.partitions())
          .addKeyValue("replication_factor", copies)
          .addKeyValue("configs", wanted.configs())
          .log("created");
    } catch (ExecutionException error) {
      if (!(error.getCause() instanceof TopicExistsException)) {
        throw error;
      }
      compare(admin, topic);
    }
  }

  private static Map<String, String> configs(Topic topic, int copies, Settings settings) {
    Map<String, String> configs = new HashMap<>();
    configs.put("cleanup.policy", topic.cleanupPolicy());
    configs.put("retention.ms", Long.toString(topic.retentionMs()));
    // By time alone: some clusters cut partitions at a size of their own.
    configs.put("retention.bytes", "-1");
    configs.put("max.message.bytes", Integer.toString(topic.maxRecordBytes()));
    // Some clusters decide it, and let no topic do so.
    if (settings.minInsyncReplicas() > 0) {
      configs.put(
          "min.insync.replicas", Integer.toString(Math.min(settings.minInsyncReplicas(), copies)));
    }
    return configs;
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
  private static void compare(Admin admin, Topic topic)
      throws ExecutionException, InterruptedException {
    int found = waitUntilKnown(admin, topic.name());
    (found == topic.partitions() ? log.atInfo() : log.atWarn())
        .addKeyValue("topic", topic.name())
        .addKeyValue("partitions", found)
        .log("there already");
  }

  /** How many partitions it has. A topic is created before all brokers know it. */
  private static int waitUntilKnown(Admin admin, String name)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return admin
            .describeTopics(List.of(name))
            .allTopicNames()
            .get()
            .get(name)
            .partitions()
            .size();
      } catch (ExecutionException error) {
        if (!(error.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw error;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new MissingException(
            name + ": created, but not known to the brokers after " + PATIENCE.toSeconds() + " s");
      }
      Thread.sleep(50);
    }
  }

  /**
   * A consumer of a topic that is not there would wait for ever, a producer for long, and in
   * silence.
   */
  static void require(Settings settings, String... topics)
      throws ExecutionException, InterruptedException {
    TreeSet<String> missing = new TreeSet<>(List.of(topics));
    try (Admin admin = Admin.create(Connection.of(settings))) {
      ListTopicsOptions soon = new ListTopicsOptions().timeoutMs((int) PATIENCE.toMillis());
      missing.removeAll(admin.listTopics(soon).names().get());
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
