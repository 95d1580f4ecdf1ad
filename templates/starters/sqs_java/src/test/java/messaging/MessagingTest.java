package messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The producer and the consumer against a real server. */
class MessagingTest {
  private static final long PATIENCE_SECONDS = 30;

  private final List<Settings> made = new ArrayList<>();

  private Settings create(Settings settings) {
    Queues.create(settings);
    made.add(settings);
    return settings;
  }

  @AfterEach
  void deleteQueues() {
    for (Settings settings : made) {
      try (SqsClient sqs = Clients.sqs(settings)) {
        for (String name : List.of(settings.queueName(), settings.deadLetterQueueName())) {
          Queue queue = Queue.named(sqs, name);
          sqs.deleteQueue(request -> request.queueUrl(queue.url()));
        }
      }
    }
  }

  private static void send(Settings settings, Object... bodies) {
    try (Producer producer = new Producer(settings)) {
      for (Object body : bodies) {
        producer.send(body, "g", null);
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

  private static int leftIn(Settings settings, String name) {
    try (SqsClient sqs = Clients.sqs(settings)) {
      Queue queue = Queue.named(sqs, name);
      return sqs
          .getQueueAttributes(
              request ->
                  request
                      .queueUrl(queue.url())
                      .attributeNames(
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
          .attributes()
          .values()
          .stream()
          .mapToInt(Integer::parseInt)
          .sum();
    }
  }

  private static boolean hasDeadLetter(Settings settings) {
    return leftIn(settings, settings.deadLetterQueueName()) == 1;
  }

  private static software.amazon.awssdk.services.sqs.model.Message deadLetter(Settings settings) {
    try (SqsClient sqs = Clients.sqs(settings)) {
      Queue queue = Queue.named(sqs, settings.deadLetterQueueName());
      return sqs.receiveMessage(
              request ->
                  request.queueUrl(queue.url()).waitTimeSeconds(5).messageAttributeNames("All"))
          .messages()
          .get(0);
    }
  }

  private static String attribute(
      software.amazon.awssdk.services.sqs.model.Message dead, String name) {
    MessageAttributeValue value = dead.messageAttributes().get(name);
    return value.stringValue();
  }

  @Test
  void whatIsSentIsHandledOnceAndDeleted() throws Exception {
    Settings standard = create(TestSettings.standard());
    List<Integer> seen = new CopyOnWriteArrayList<>();
    List<Integer> numbers = IntStream.range(0, 35).boxed().toList();
    send(standard, numbers.toArray());
    consumeUntil(standard, each -> seen.add(each.body().intValue()), () -> seen.size() >= 35);
    assertEquals(numbers, seen.stream().sorted().toList());
    assertEquals(0, leftIn(standard, standard.queueName()));
  }

  @Test
  void aFailingMessageIsTriedAgainAndThenSetAsideWithItsReason() throws Exception {
    Settings standard = create(TestSettings.standard());
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    Handle handle =
        message -> {
          attempts.add(message.receiveCount());
          throw new IllegalStateException("no such\0 invoice");
        };
    send(standard, "poison");
    consumeUntil(standard, handle, () -> hasDeadLetter(standard));
    assertEquals(List.of(1, 2, 3), attempts);
    var dead = deadLetter(standard);
    assertEquals("\"poison\"", dead.body());
    assertEquals("IllegalStateException: no such  invoice", attribute(dead, "DeadLetterReason"));
    assertEquals("3", attribute(dead, "DeadLetterAttempts"));
    assertEquals(0, leftIn(standard, standard.queueName()));
  }

  @Test
  void whatIsNotJsonIsSetAsideAtOnceAndUnchanged() throws Exception {
    Settings standard = create(TestSettings.standard());
    try (SqsClient sqs = Clients.sqs(standard)) {
      Queue queue = Queue.named(sqs, standard.queueName());
      sqs.sendMessage(request -> request.queueUrl(queue.url()).messageBody("not json"));
    }
    List<Message> seen = new CopyOnWriteArrayList<>();
    consumeUntil(standard, seen::add, () -> hasDeadLetter(standard));
    var dead = deadLetter(standard);
    assertEquals("not json", dead.body());
    assertEquals(List.of(), seen);
    assertTrue(attribute(dead, "DeadLetterReason").startsWith("Unprocessable: not JSON"));
    assertEquals("1", attribute(dead, "DeadLetterAttempts"));
  }

  @Test
  void aHandlerSlowerThanTheVisibilityTimeoutGetsItsMessageOnce() throws Exception {
    Settings standard = create(TestSettings.standard());
    List<String> seen = new CopyOnWriteArrayList<>();
    Handle handle =
        message -> {
          Thread.sleep(2_500L * standard.visibilityTimeoutSeconds());
          seen.add(message.body().textValue());
        };
    send(standard, "slow");
    consumeUntil(standard, handle, () -> !seen.isEmpty());
    assertEquals(List.of("slow"), seen);
    assertEquals(0, leftIn(standard, standard.queueName()));
  }

  @Test
  void aStopGivesBackWhatWasNotHandled() throws Exception {
    Settings alone =
        create(
            TestSettings.fresh(
                "", Map.of("WORKER_COUNT", "1", "VISIBILITY_TIMEOUT_SECONDS", "600")));
    List<Integer> seen = new CopyOnWriteArrayList<>();
    Handle slow =
        message -> {
          Thread.sleep(300);
          seen.add(message.body().intValue());
        };
    send(alone, IntStream.range(0, 10).boxed().toArray());
    consumeUntil(alone, slow, () -> seen.size() >= 2);
    assertTrue(seen.size() < 10);
    consumeUntil(alone, each -> seen.add(each.body().intValue()), () -> seen.size() >= 10);
    assertEquals(IntStream.range(0, 10).boxed().toList(), seen.stream().sorted().toList());
  }

  @Test
  void aFifoGroupKeepsItsOrderAlthoughOneMessageFailsTwice() throws Exception {
    Settings fifo = create(TestSettings.fifo());
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    Handle handle =
        message -> {
          int body = message.body().intValue();
          attempts.add(body);
          if (body == 1 && attempts.stream().filter(each -> each == 1).count() < 3) {
            throw new IllegalStateException("not yet");
          }
        };
    send(fifo, 0, 1, 2, 3, 4);
    consumeUntil(fifo, handle, () -> attempts.contains(4));
    assertEquals(List.of(0, 1, 1, 1, 2, 3, 4), attempts);
  }

  @Test
  void aFifoMessageIsSetAsideWithItsGroup() throws Exception {
    Settings fifo = create(TestSettings.fifo());
    List<String> seen = new CopyOnWriteArrayList<>();
    Handle handle =
        message -> {
          seen.add(message.body().textValue());
          if (message.body().textValue().equals("poison")) {
            throw new Unprocessable("never");
          }
        };
    send(fifo, "poison", "after");
    consumeUntil(fifo, handle, () -> seen.contains("after"));
    assertEquals(List.of("poison", "after"), seen);
    assertEquals("Unprocessable: never", attribute(deadLetter(fifo), "DeadLetterReason"));
  }

  @Test
  void aFifoQueueTakesOneDeduplicationIdOnce() throws Exception {
    Settings fifo = create(TestSettings.fifo());
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Producer producer = new Producer(fifo)) {
      producer.send("first", "g", "a");
      producer.send("again", "g", "a");
      producer.send("other", "g", "b");
    }
    consumeUntil(fifo, each -> seen.add(each.body().textValue()), () -> seen.contains("other"));
    assertEquals(List.of("first", "other"), seen);
  }

  @Test
  void aTopicReachesTheQueueOfEveryReader() throws Exception {
    String topic = "test-" + java.util.UUID.randomUUID();
    Settings one = create(TestSettings.fresh("", Map.of("TOPIC_NAME", topic)));
    Settings two = create(TestSettings.fresh("", Map.of("TOPIC_NAME", topic)));
    send(one, "for all");
    for (Settings reader : List.of(one, two)) {
      List<String> seen = new CopyOnWriteArrayList<>();
      consumeUntil(reader, each -> seen.add(each.body().textValue()), () -> !seen.isEmpty());
      assertEquals(List.of("for all"), seen);
    }
  }

  @Test
  void aBatchStaysBelowTheLimitOfARequest() throws Exception {
    Settings standard = create(TestSettings.standard());
    List<Integer> seen = new CopyOnWriteArrayList<>();
    send(standard, IntStream.range(0, 8).mapToObj(n -> "x".repeat(300_000)).toArray());
    consumeUntil(
        standard, each -> seen.add(each.body().textValue().length()), () -> seen.size() >= 8);
    assertEquals(List.of(300_000), seen.stream().distinct().toList());
  }

  @Test
  void aStandardQueueDelaysOnlyTheMessagesThatAskForIt() throws Exception {
    Settings standard = create(TestSettings.fresh("", Map.of("DELAY_SECONDS", "5")));
    Map<String, Long> arrived = new ConcurrentHashMap<>();
    long began = System.nanoTime();
    try (Producer producer = new Producer(standard)) {
      producer.sendLater("later", 3);
      producer.send("now");
      assertThrows(IllegalArgumentException.class, () -> producer.sendLater("too late", 6));
    }
    consumeUntil(
        standard,
        each -> arrived.put(each.body().textValue(), System.nanoTime() - began),
        () -> arrived.size() >= 2);
    assertTrue(arrived.get("now") < TimeUnit.SECONDS.toNanos(3), arrived.toString());
    assertTrue(arrived.get("later") >= TimeUnit.SECONDS.toNanos(3), arrived.toString());
  }

  @Test
  void aFifoQueueDelaysAllMessagesByTheSetting() {
    Map<String, String> delaying = Map.of("FIFO", "true", "DELAY_SECONDS", "5");
    Settings fifo = create(TestSettings.fresh(".fifo", delaying));
    try (SqsClient sqs = Clients.sqs(fifo);
        Producer producer = new Producer(fifo)) {
      Map<QueueAttributeName, String> found =
          Queue.named(sqs, fifo.queueName()).attributes(QueueAttributeName.DELAY_SECONDS);
      assertEquals(Map.of(QueueAttributeName.DELAY_SECONDS, "5"), found);
      assertThrows(IllegalArgumentException.class, () -> producer.sendLater("late", 1));
    }
  }

  @Test
  void queuesAreCreatedOnceAndBroughtUpToTheSettings() {
    Settings standard = create(TestSettings.standard());
    Queues.create(standard);
    Queues.create(
        TestSettings.fresh(
            "",
            Map.of(
                "QUEUE_NAME", standard.queueName(),
                "DEAD_LETTER_QUEUE_NAME", standard.deadLetterQueueName(),
                "VISIBILITY_TIMEOUT_SECONDS", "77")));
    try (SqsClient sqs = Clients.sqs(standard)) {
      Queue queue = Queue.named(sqs, standard.queueName());
      Map<QueueAttributeName, String> found =
          sqs.getQueueAttributes(
                  request ->
                      request
                          .queueUrl(queue.url())
                          .attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
              .attributes();
      assertEquals(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "77"), found);
    }
  }

  @Test
  void aMissingQueueIsNamed() {
    Settings nowhere = TestSettings.fresh("", Map.of("QUEUE_NAME", "nowhere"));
    MissingException missing =
        assertThrows(MissingException.class, () -> new Producer(nowhere).close());
    assertTrue(missing.getMessage().startsWith("no such queue: nowhere"), missing.getMessage());
  }
}
