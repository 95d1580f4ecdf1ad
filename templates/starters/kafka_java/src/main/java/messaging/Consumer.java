package messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Consumes records: handles, then commits, and commits exactly what was handled. */
public final class Consumer {
  private static final Logger log = LoggerFactory.getLogger(Consumer.class);

  /** For an answer to a commit or to leaving: a platform does not wait for much longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Settings settings;
  private final StopSignal stop;
  private final Heartbeat heartbeat;
  private final DeadLetters deadLetters;
  private final Attempts attempts;
  private final KafkaConsumer<byte[], byte[]> kafka;

  /** Where to go on in each partition, as far as it is not committed yet. */
  private final Map<TopicPartition, OffsetAndMetadata> handled = new HashMap<>();

  Consumer(Settings settings, Handle handle, StopSignal stop, Heartbeat heartbeat) {
    this.settings = settings;
    this.stop = stop;
    this.heartbeat = heartbeat;
    this.deadLetters = new DeadLetters(settings);
    this.attempts = new Attempts(settings, handle, deadLetters, stop);
    this.kafka =
        new KafkaConsumer<>(
            config(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    stop.onRequest(kafka::wakeup);
  }

  private static Map<String, Object> config(Settings settings) {
    Map<String, Object> config = Connection.of(settings);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.consumerGroup());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // What a transaction took back was never sent.
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.maxPollRecords());
    config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, settings.maxPollIntervalMs());
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, settings.sessionTimeoutMs());
    config.put(
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        Math.min(3_000, settings.sessionTimeoutMs() / 3));
    // A rebalance stops only the partitions that move.
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    return config;
  }

  /** Returns after a stop, having committed and left the group. */
  void run() throws InterruptedException {
    try (deadLetters) {
      kafka.subscribe(List.of(settings.topic()), new CommitBeforeHandover());
      while (!stop.isRequested()) {
        ConsumerRecords<byte[], byte[]> batch = poll();
        heartbeat.beat();
        Metrics.count("received", batch.count());
        handle(batch);
        commit();
      }
    } finally {
      kafka.close(CloseOptions.timeout(PATIENCE));
    }
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return kafka.poll(Duration.ofSeconds(1));
    } catch (WakeupException stopRequested) {
      return ConsumerRecords.empty();
    }
  }

  /**
   * A batch is cut at half of the interval in which a consumer must poll to keep its partitions.
   */
  private void handle(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
    long tooLate =
        System.nanoTime() + Duration.ofMillis(settings.maxPollIntervalMs()).toNanos() / 2;
    for (TopicPartition partition : batch.partitions()) {
      for (ConsumerRecord<byte[], byte[]> raw : batch.records(partition)) {
        boolean goesOn = !stop.isRequested() && System.nanoTime() < tooLate;
        if (!goesOn || !attempts.finish(raw)) {
          kafka.seek(partition, raw.offset());
          break;
        }
        handled.put(partition, new OffsetAndMetadata(raw.offset() + 1));
      }
    }
  }

  private void commit() {
    if (handled.isEmpty()) {
      return;
    }
    try {
      commitOnceMoreIfWoken();
      handled.clear();
    } catch (RebalanceInProgressException error) {
      log.debug(
          "the next poll ends the rebalance, and what is still ours is committed then", error);
    } catch (TimeoutException error) {
      log.warn("no answer, so not committed yet; will be tried again");
    } catch (CommitFailedException error) {
      handled.clear();
      log.warn("this consumer lost its partitions; what it handled last will be handled again");
    }
  }

  /** A stop wakes whatever call is waiting, and that may be a commit. */
  private void commitOnceMoreIfWoken() {
    try {
      kafka.commitSync(handled, PATIENCE);
    } catch (WakeupException stopRequested) {
      kafka.commitSync(handled, PATIENCE);
    }
  }

  private final class CommitBeforeHandover implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      log.atInfo().addKeyValue("partitions", partitions.toString()).log("partitions assigned");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      commit();
      handled.keySet().removeAll(partitions); // theirs to commit who get them
      log.atInfo().addKeyValue("partitions", partitions.toString()).log("partitions revoked");
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      handled.keySet().removeAll(partitions);
      log.atWarn().addKeyValue("partitions", partitions.toString()).log("partitions lost");
    }
  }

  public static void main(String[] arguments) {
    Program.runUntilStopped(
        (settings, stop) -> {
          Topics.require(settings, settings.topic(), settings.deadLetterTopic());
          log.atInfo()
              .addKeyValue("topic", settings.topic())
              .addKeyValue("group", settings.consumerGroup())
              .log("consuming");
          Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(settings.maxPollIntervalMs()));
          Health health = Health.serve(settings.healthPort(), heartbeat);
          try (health) {
            new Consumer(settings, new Handler(), stop, heartbeat).run();
          }
          log.info("stopped");
        });
  }
}
