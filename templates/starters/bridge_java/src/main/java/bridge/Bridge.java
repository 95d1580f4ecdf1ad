package bridge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** The loop: polls records, sends each as a job, and commits exactly what SQS took. */
public final class Bridge {
  private static final Logger log = LoggerFactory.getLogger(Bridge.class);

  /** For an answer to a commit or to leaving: a platform does not wait for much longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Settings settings;
  private final StopSignal stop;
  private final Heartbeat heartbeat;
  private final Jobs jobs;
  private final DeadLetters deadLetters;
  private final KafkaConsumer<byte[], byte[]> kafka;

  private final Ahead ahead = new Ahead();

  /** Where to go on in each partition, as far as it is not committed yet. */
  private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();

  Bridge(Settings settings, StopSignal stop, Heartbeat heartbeat) {
    this.settings = settings;
    this.stop = stop;
    this.heartbeat = heartbeat;
    this.jobs = Jobs.open(settings);
    this.deadLetters = new DeadLetters(settings);
    this.kafka =
        new KafkaConsumer<>(
            config(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    stop.onRequest(kafka::wakeup);
  }

  private static Map<String, Object> config(Settings settings) {
    Map<String, Object> config = Connection.of(settings);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.bridgeGroup());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // What a transaction took back was never sent.
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
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
    try (deadLetters;
        jobs) {
      kafka.subscribe(List.of(settings.topic()), new CommitBeforeHandover());
      Duration pause = FIRST_PAUSE;
      while (!stop.isRequested()) {
        ConsumerRecords<byte[], byte[]> batch = poll();
        heartbeat.beat();
        int left = passOn(batch);
        commit();
        if (left == 0) {
          pause = FIRST_PAUSE;
          continue;
        }
        Metrics.count("retried", left);
        stop.await(pause); // short enough to poll again in time, and so to keep the partitions
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
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

  /** How many are left: they are read again, and so is what came behind the first of them. */
  private int passOn(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
    Metrics.count("received", batch.count());
    List<ConsumerRecord<byte[], byte[]>> sendable = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> raw : batch) {
      if (!ahead.has(raw)) {
        Unsendable.why(raw.value())
            .ifPresentOrElse(reason -> deadLetters.add(raw, reason), () -> sendable.add(raw));
      }
    }
    Jobs.Outcome outcome = jobs.send(sendable);
    outcome.never().forEach(deadLetters::add);
    for (TopicPartition partition : batch.partitions()) {
      goOnAfter(partition, batch.records(partition), outcome.left());
    }
    return outcome.left().size();
  }

  private void goOnAfter(
      TopicPartition partition,
      List<ConsumerRecord<byte[], byte[]>> records,
      Set<ConsumerRecord<byte[], byte[]>> left) {
    int first = 0;
    while (first < records.size() && !left.contains(records.get(first))) {
      first++;
    }
    if (first > 0) {
      done.put(partition, new OffsetAndMetadata(records.get(first - 1).offset() + 1));
    }
    if (first < records.size()) {
      kafka.seek(partition, records.get(first).offset());
    }
    ahead.update(records, first, left);
  }

  private void commit() {
    if (done.isEmpty()) {
      return;
    }
    try {
      commitOnceMoreIfWoken();
      done.clear();
    } catch (RebalanceInProgressException error) {
      log.debug(
          "the next poll ends the rebalance, and what is still ours is committed then", error);
    } catch (TimeoutException error) {
      log.warn("no answer, so not committed yet; will be tried again");
    } catch (CommitFailedException error) {
      done.clear();
      log.warn("this bridge lost its partitions; what it sent last will be sent again");
    }
  }

  /** A stop wakes whatever call is waiting, and that may be a commit. */
  private void commitOnceMoreIfWoken() {
    try {
      kafka.commitSync(done, PATIENCE);
    } catch (WakeupException stopRequested) {
      kafka.commitSync(done, PATIENCE);
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
      done.keySet().removeAll(partitions); // theirs to commit who get them
      log.atInfo().addKeyValue("partitions", partitions.toString()).log("partitions revoked");
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      done.keySet().removeAll(partitions);
      log.atWarn().addKeyValue("partitions", partitions.toString()).log("partitions lost");
    }
  }

  public static void main(String[] arguments) {
    Program.runUntilStopped(
        (settings, stop) -> {
          Topics.require(settings);
          log.atInfo()
              .addKeyValue("topic", settings.topic())
              .addKeyValue("queue", settings.queueName())
              .log("consuming");
          Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(settings.maxPollIntervalMs()));
          Health health = Health.serve(settings.healthPort(), heartbeat);
          try (health) {
            new Bridge(settings, stop, heartbeat).run();
          }
          log.info("stopped");
        });
  }
}
