package messaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The producer and the consumer against a real broker. */
class MessagingTest {
  private static final long PATIENCE_SECONDS = 30;

  private Settings settings;

  @BeforeEach
  void createTopics() throws Exception {
    settings = TestSettings.fresh(Map.of());
    Topics.create(settings);
  }

  private static void send(Settings settings, String key, Object... values) {
    try (Producer producer = new Producer(settings)) {
      for (Object value : values) {
        producer.send(key, value);
      }
    }
  }

  /** Runs the consumer in a thread as the process would run it, until enough was seen. */
  private static void consumeUntil(Settings settings, Handle handle, BooleanSupplier isEnough)
      throws Exception {
    StopSignal stop = new StopSignal();
    Heartbeat heartbeat = new Heartbeat(Duration.ofMinutes(1));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<?> consumer =
        thread.submit(
            () -> {
              new Consumer(settings, handle, stop, heartbeat).run();
              return null;
            });
    for (int tenths = 0; tenths < 10 * PATIENCE_SECONDS && !isEnough.getAsBoolean(); tenths++) {
      if (consumer.isDone()) {
        break;
      }
      Thread.sleep(100);
    }
    stop.request();
    consumer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    thread.shutdown();
    assertTrue(isEnough.getAsBoolean());
  }

  private static List<ConsumerRecord<byte[], byte[]>> readAll(Settings settings, String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Connection.of(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long wanted = consumer.endOffsets(partitions).values().stream().mapToLong(end -> end).sum();
      while (all.size() < wanted) {
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofSeconds(1));
        batch.forEach(all::add);
      }
    }
    return all;
  }

  private static String header(ConsumerRecord<byte[], byte[]> raw, String name) {
    return new String(raw.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsProducedIsConsumedInTheOrderOfItsKey() throws Exception {
    List<Message> seen = new CopyOnWriteArrayList<>();
    try (Producer producer = new Producer(settings)) {
      SendSamples.samples(50).forEach(line -> producer.send(line.key(), line.value()));
    }
    consumeUntil(settings, seen::add, () -> seen.size() >= 50);
    for (int key = 0; key < 5; key++) {
      String wanted = "key-" + key;
      List<Integer> sequence =
          seen.stream()
              .filter(message -> message.key().equals(wanted))
              .map(message -> message.value().get("sequence").intValue())
              .toList();
      assertEquals(sequence.stream().sorted().toList(), sequence);
      assertEquals(10, sequence.size());
    }
  }

  @Test
  void aFailingMessageIsTriedAgainAndThenSetAsideWithItsReason() throws Exception {
    List<String> attempts = new CopyOnWriteArrayList<>();
    send(settings, "k", "before", "poison", "after");
    Handle handle =
        message -> {
          attempts.add(message.value().textValue());
          if (message.value().textValue().equals("poison")) {
            throw new IllegalStateException("no such order");
          }
        };
    consumeUntil(settings, handle, () -> attempts.contains("after"));
    assertEquals(settings.maxAttempts() + 2, attempts.size());
    ConsumerRecord<byte[], byte[]> dead = readAll(settings, settings.deadLetterTopic()).get(0);
    assertArrayEquals(bytes("k"), dead.key());
    assertArrayEquals(bytes("\"poison\""), dead.value());
    assertEquals("IllegalStateException: no such order", header(dead, "dead-letter-reason"));
    assertEquals(Integer.toString(settings.maxAttempts()), header(dead, "dead-letter-attempts"));
    assertEquals(settings.consumerGroup(), header(dead, "dead-letter-consumer-group"));
  }

  @Test
  void anUnprocessableMessageIsSetAsideAtTheFirstAttempt() throws Exception {
    List<String> attempts = new CopyOnWriteArrayList<>();
    send(settings, "k", "poison", "after");
    Handle handle =
        message -> {
          attempts.add(message.value().textValue());
          if (message.value().textValue().equals("poison")) {
            throw new Unprocessable("never");
          }
        };
    consumeUntil(settings, handle, () -> attempts.contains("after"));
    assertEquals(List.of("poison", "after"), attempts);
  }

  @Test
  void whatIsNotJsonIsSetAsideUnchanged() throws Exception {
    List<Message> seen = new CopyOnWriteArrayList<>();
    byte[] broken = {(byte) 0xff, 'n', 'o'};
    try (KafkaProducer<byte[], byte[]> raw =
        new KafkaProducer<>(
            Connection.of(settings), new ByteArraySerializer(), new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> traced =
          new ProducerRecord<>(settings.topic(), bytes("k"), broken);
      traced.headers().add("trace", bytes("1"));
      raw.send(traced).get();
      raw.send(new ProducerRecord<>(settings.topic(), bytes("k"), null)).get();
    }
    consumeUntil(settings, seen::add, () -> !seen.isEmpty());
    assertTrue(seen.get(0).value().isNull());
    ConsumerRecord<byte[], byte[]> dead = readAll(settings, settings.deadLetterTopic()).get(0);
    assertArrayEquals(broken, dead.value());
    assertEquals("1", header(dead, "trace"));
    assertTrue(header(dead, "dead-letter-reason").startsWith("Unprocessable: not JSON"));
  }

  @Test
  void aStoppedConsumerContinuesWhereItStopped() throws Exception {
    List<Message> first = new CopyOnWriteArrayList<>();
    List<Message> second = new CopyOnWriteArrayList<>();
    send(settings, "k", 1, 2);
    consumeUntil(settings, first::add, () -> first.size() == 2);
    send(settings, "k", 3);
    consumeUntil(settings, second::add, () -> !second.isEmpty());
    assertEquals(List.of(3), second.stream().map(each -> each.value().intValue()).toList());
  }

  @Test
  void aBatchThatTakesTooLongIsCutAndNothingOfItIsLost() throws Exception {
    Settings slow = TestSettings.fresh(Map.of("MAX_POLL_INTERVAL_MS", "6000"));
    Topics.create(slow);
    List<Integer> seen = new CopyOnWriteArrayList<>();
    send(slow, "k", 0, 1, 2, 3, 4, 5, 6, 7);
    Handle handle =
        message -> {
          Thread.sleep(800);
          seen.add(message.value().intValue());
        };
    consumeUntil(slow, handle, () -> seen.size() >= 8);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), seen);
  }

  /** A topic that takes small records only. */
  private static Settings narrow() throws Exception {
    Settings narrow = TestSettings.fresh(Map.of());
    try (Admin admin = Admin.create(Connection.of(narrow))) {
      NewTopic topic = new NewTopic(narrow.topic(), 1, (short) 1);
      admin.createTopics(List.of(topic.configs(Map.of("max.message.bytes", "1000")))).all().get();
    }
    return narrow;
  }

  private static byte[] tooLarge() {
    byte[] noise = new byte[10_000]; // which no compression makes smaller
    new Random(1).nextBytes(noise);
    return noise;
  }

  private static List<String> keys(Producer.DeliveryFailed failed) {
    return failed.lost().stream().map(Producer.Lost::key).toList();
  }

  private static List<String> arrivedValues(Settings settings) {
    return readAll(settings, settings.topic()).stream()
        .map(raw -> new String(raw.value(), StandardCharsets.UTF_8))
        .toList();
  }

  private static List<String> arrivedKeys(Settings settings) {
    return readAll(settings, settings.topic()).stream()
        .map(raw -> new String(raw.key(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void aRecordThatTheBrokerRefusesIsReported() throws Exception {
    Settings narrow = narrow();
    Producer producer = new Producer(narrow);
    producer.send("k", tooLarge());
    Producer.DeliveryFailed failed = assertThrows(Producer.DeliveryFailed.class, producer::close);
    String told = "1 records for " + narrow.topic() + ", first: key k, ";
    assertTrue(failed.getMessage().startsWith(told), failed.getMessage());
    assertEquals(List.of("k"), keys(failed));
  }

  @Test
  void flushWaitsForAllThatWasSentAndTellsAFailureOnce() throws Exception {
    Settings narrow = narrow();
    try (Producer producer = new Producer(narrow)) {
      producer.send("k", "before");
      producer.flush();
      assertEquals(List.of("\"before\""), arrivedValues(narrow));
      producer.send("k", tooLarge());
      assertEquals(
          List.of("k"), keys(assertThrows(Producer.DeliveryFailed.class, producer::flush)));
      producer.flush();
      producer.send("k", "after");
      producer.flush();
      assertEquals(List.of("\"before\"", "\"after\""), arrivedValues(narrow));
    }
  }

  @Test
  void sendTellsAFailureOnceAndBeforeItHandsAnythingOver() throws Exception {
    Settings narrow = narrow();
    List<String> handedOver = new ArrayList<>();
    List<String> told = new ArrayList<>();
    try (Producer producer = new Producer(narrow)) {
      producer.send("lost", tooLarge());
      Thread.sleep(500); // in a batch of its own: the client would split a larger one for ever
      for (int number = 0; number < 10 * PATIENCE_SECONDS; number++) {
        try {
          producer.send(Integer.toString(number), number);
          handedOver.add(Integer.toString(number));
          if (!told.isEmpty()) {
            break;
          }
        } catch (Producer.DeliveryFailed failed) {
          told.addAll(keys(failed));
        }
        Thread.sleep(100);
      }
    }
    assertEquals(List.of("lost"), told);
    assertEquals(handedOver, arrivedValues(narrow));
  }

  @Test
  void threadsThatShareAProducerLoseNothingUntold() throws Exception {
    Settings own = TestSettings.fresh(Map.of("PARTITIONS", "1", "MAX_RECORD_BYTES", "10000"));
    Topics.create(own);
    Producer producer = new Producer(own);
    List<String> told = new CopyOnWriteArrayList<>();
    List<String> wanted = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    for (int thread = 0; thread < 3; thread++) {
      List<String> keys = new ArrayList<>();
      for (int number = 0; number < 30; number++) {
        keys.add(thread + "-" + number);
      }
      wanted.addAll(keys);
      threads.execute(() -> keys.forEach(key -> sendOrTell(producer, key, told)));
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS));
    try {
      producer.close();
    } catch (Producer.DeliveryFailed failed) {
      told.addAll(keys(failed));
    }
    List<String> found = new ArrayList<>(told);
    found.addAll(arrivedKeys(own));
    assertEquals(wanted.stream().sorted().toList(), found.stream().sorted().toList());
  }

  /** What throws tells of earlier records, and has handed nothing over. */
  private static void sendOrTell(Producer producer, String key, List<String> told) {
    while (true) {
      try {
        producer.send(key, key.endsWith("9") ? tooLarge() : key);
        return;
      } catch (Producer.DeliveryFailed failed) {
        told.addAll(keys(failed));
      }
    }
  }

  @Test
  void whatATransactionTookBackIsNeverHandled() throws Exception {
    Map<String, Object> config = Connection.of(settings);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.topic());
    try (KafkaProducer<byte[], byte[]> writer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      writer.initTransactions();
      writer.beginTransaction();
      writer
          .send(new ProducerRecord<>(settings.topic(), bytes("k"), bytes("\"aborted\"")))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      writer.abortTransaction();
      writer.beginTransaction();
      writer
          .send(new ProducerRecord<>(settings.topic(), bytes("k"), bytes("\"committed\"")))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      writer.commitTransaction();
    }
    List<String> seen = new CopyOnWriteArrayList<>();
    consumeUntil(
        settings,
        message -> seen.add(message.value().textValue()),
        () -> seen.contains("committed"));
    assertEquals(List.of("committed"), seen);
  }

  @Test
  void anErrorOfTheHandlersCodeIsAFailedAttempt() throws Exception {
    Map<String, Error> errors =
        Map.of(
            "recursion", new StackOverflowError(),
            "assertion", new AssertionError("no such order"),
            "missing", new NoClassDefFoundError("Missing"),
            "broken", new ExceptionInInitializerError("broken"));
    List<String> attempts = new CopyOnWriteArrayList<>();
    send(settings, "k", errors.keySet().toArray());
    send(settings, "k", "after");
    Handle handle =
        message -> {
          attempts.add(message.value().textValue());
          if (errors.containsKey(message.value().textValue())) {
            throw errors.get(message.value().textValue());
          }
        };
    consumeUntil(settings, handle, () -> attempts.contains("after"));
    assertEquals(errors.size() * settings.maxAttempts() + 1, attempts.size());
    List<ConsumerRecord<byte[], byte[]>> dead = readAll(settings, settings.deadLetterTopic());
    assertEquals(errors.size(), dead.size());
    assertTrue(
        dead.stream()
            .map(raw -> header(raw, "dead-letter-reason"))
            .anyMatch("AssertionError: no such order"::equals));
  }

  @Test
  void outOfMemoryEndsTheConsumerAndTheRecordComesAgain() throws Exception {
    send(settings, "k", "large");
    Handle handle =
        message -> {
          throw new OutOfMemoryError("not really");
        };
    ExecutionException ended =
        assertThrows(ExecutionException.class, () -> consumeUntil(settings, handle, () -> false));
    assertEquals(OutOfMemoryError.class, ended.getCause().getClass());
    List<Message> seen = new CopyOnWriteArrayList<>();
    consumeUntil(settings, seen::add, () -> !seen.isEmpty());
    assertEquals("large", seen.get(0).value().textValue());
  }

  @Test
  void topicsAreCreatedOnceAndAMissingOneIsNamed() throws Exception {
    Topics.create(settings);
    Topics.require(settings, settings.topic(), settings.deadLetterTopic());
    MissingException missing =
        assertThrows(MissingException.class, () -> Topics.require(settings, "nowhere"));
    assertTrue(missing.getMessage().startsWith("no such topic: nowhere"), missing.getMessage());
    assertNull(missing.getCause());
  }

  @Test
  void whatWasCreatedIsKnownAtOnce() throws Exception {
    for (int turn = 0; turn < 20; turn++) {
      Settings fresh = TestSettings.fresh(Map.of());
      Topics.create(fresh);
      Topics.create(fresh);
      Topics.require(fresh, fresh.topic(), fresh.deadLetterTopic());
    }
  }
}
