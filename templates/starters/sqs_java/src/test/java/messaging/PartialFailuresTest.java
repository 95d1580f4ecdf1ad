package messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * A batch of which SQS takes only a part: no local server does that, so its answers are given here.
 */
class PartialFailuresTest {

  /** Refuses as many entries of each batch, from the first on, as it is told; then none. */
  private static final class Refusing implements SqsClient {
    final List<List<String>> sent = new ArrayList<>();
    final List<List<String>> deleted = new ArrayList<>();
    final List<String> givenBack = new ArrayList<>();
    private final Deque<Integer> refusals;
    private final boolean sendersFault;

    Refusing(boolean sendersFault, Integer... refusals) {
      this.sendersFault = sendersFault;
      this.refusals = new ArrayDeque<>(List.of(refusals));
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
      sent.add(request.entries().stream().map(SendMessageBatchRequestEntry::messageBody).toList());
      List<String> ids = request.entries().stream().map(SendMessageBatchRequestEntry::id).toList();
      return SendMessageBatchResponse.builder().failed(refused(ids)).build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
      List<String> ids =
          request.entries().stream().map(DeleteMessageBatchRequestEntry::id).toList();
      deleted.add(ids);
      return DeleteMessageBatchResponse.builder().failed(refused(ids)).build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      request.entries().forEach(entry -> givenBack.add(entry.id() + entry.visibilityTimeout()));
      return ChangeMessageVisibilityBatchResponse.builder().build();
    }

    private List<BatchResultErrorEntry> refused(List<String> ids) {
      Integer count = refusals.isEmpty() ? Integer.valueOf(0) : refusals.poll();
      return ids.stream().limit(count).map(this::failure).toList();
    }

    private BatchResultErrorEntry failure(String id) {
      return BatchResultErrorEntry.builder()
          .id(id)
          .senderFault(sendersFault)
          .code("InternalError")
          .message("try again")
          .build();
    }
  }

  /** Refuses what is too large, which here is any message with a reason. */
  private static final class Narrow implements SqsClient {
    final List<Set<String>> sent = new ArrayList<>();

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
      sent.add(request.messageAttributes().keySet());
      if (request.messageAttributes().containsKey("DeadLetterReason")) {
        AwsErrorDetails details =
            AwsErrorDetails.builder().errorCode("InvalidParameterValue").build();
        throw SqsException.builder().awsErrorDetails(details).build();
      }
      return SendMessageResponse.builder().messageId("d1").build();
    }
  }

  @Test
  void aMessageThatIsTooLargeWithItsReasonIsSetAsideWithoutIt() {
    Narrow sqs = new Narrow();
    MessageAttributeValue trace =
        MessageAttributeValue.builder().dataType("String").stringValue("t").build();
    Message message =
        received("m1").get(0).toBuilder()
            .body("1")
            .messageAttributes(Map.of("trace", trace))
            .build();
    DeadLetters deadLetters = new DeadLetters(new Queue(sqs, "queue"), false);
    deadLetters.add(message, new IllegalStateException("no such invoice"), 3);
    assertEquals(2, sqs.sent.size());
    assertEquals(Set.of("trace"), sqs.sent.get(1));
  }

  private static Producer producer(SqsClient sqs) {
    return new Producer(TestSettings.standard(), new QueueOutlet(new Queue(sqs, "queue")));
  }

  @Test
  void onlyWhatWasRefusedIsSentAgain() {
    Refusing sqs = new Refusing(false, 1, 0);
    try (Producer producer = producer(sqs)) {
      producer.send(1);
      producer.send(2);
    }
    assertEquals(List.of(List.of("1", "2"), List.of("1")), sqs.sent);
  }

  @Test
  void whatIsRefusedForEverIsReported() {
    Producer producer = producer(new Refusing(false, 1, 1, 1, 1, 1));
    producer.send(1);
    Producer.SendFailed failed = assertThrows(Producer.SendFailed.class, producer::flush);
    assertEquals(
        "1 messages, refused 5 times: the next flush sends them again", failed.getMessage());
  }

  @Test
  void whatIsTheSendersFaultIsReportedAtOnce() {
    Refusing sqs = new Refusing(true, 1);
    Producer producer = producer(sqs);
    producer.send(1);
    Producer.SendFailed failed = assertThrows(Producer.SendFailed.class, producer::flush);
    assertTrue(failed.getMessage().contains("InternalError: try again"), failed.getMessage());
    assertEquals(1, sqs.sent.size());
  }

  /** Takes or refuses as it is told, and throws while it is down. */
  private static final class Told implements SqsClient {
    final List<List<SendMessageBatchRequestEntry>> sent = new ArrayList<>();
    volatile boolean isDown;
    String never = "";
    Set<String> notYet = Set.of();

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
      sent.add(request.entries());
      if (isDown) {
        throw SdkClientException.create("no such host");
      }
      List<BatchResultErrorEntry> failed =
          request.entries().stream()
              .filter(
                  each -> never.equals(each.messageBody()) || notYet.contains(each.messageBody()))
              .map(each -> failure(each.id(), never.equals(each.messageBody())))
              .toList();
      notYet = Set.of();
      return SendMessageBatchResponse.builder().failed(failed).build();
    }

    private static BatchResultErrorEntry failure(String id, boolean isSendersFault) {
      return BatchResultErrorEntry.builder()
          .id(id)
          .senderFault(isSendersFault)
          .code("InvalidMessageContents")
          .message("a letter")
          .build();
    }

    List<List<String>> bodies() {
      return sent.stream()
          .map(batch -> batch.stream().map(SendMessageBatchRequestEntry::messageBody).toList())
          .toList();
    }
  }

  private static Producer fifoProducer(SqsClient sqs) {
    return new Producer(TestSettings.fifo(), new QueueOutlet(new Queue(sqs, "queue")));
  }

  @Test
  void whatOneFlushCouldNotSendIsSentByTheNextBeforeAnythingLater() {
    Told sqs = new Told();
    Producer producer = fifoProducer(sqs);
    producer.send(1, "a", null);
    producer.send(2, "b", null);
    sqs.isDown = true;
    assertThrows(SdkClientException.class, producer::flush);
    assertThrows(SdkClientException.class, producer::flush);
    sqs.isDown = false;
    producer.send(3, "c", null);
    producer.flush();
    assertEquals(
        List.of(List.of("1", "2"), List.of("1", "2"), List.of("1", "2", "3")), sqs.bodies());
    assertEquals(sqs.sent.get(0), sqs.sent.get(2).subList(0, 2));
  }

  @Test
  void whatStaysRefusedIsSentByTheNextFlushBeforeAnythingLater() {
    Refusing sqs = new Refusing(false, 1, 1, 1, 1, 1, 0);
    Producer producer = producer(sqs);
    producer.send(1);
    producer.send(2);
    assertThrows(Producer.SendFailed.class, producer::flush);
    producer.send(3);
    producer.flush();
    assertEquals(List.of(List.of("1", "2"), List.of("1")), sqs.sent.subList(0, 2));
    assertEquals(List.of("1", "3"), sqs.sent.get(5));
  }

  @Test
  void aSendThatThrowsHasNotTakenItsMessageSoThatItMayBeRepeated() {
    Told sqs = new Told();
    Producer producer = fifoProducer(sqs);
    producer.send(1, "a", null);
    sqs.isDown = true;
    for (int repeat = 0; repeat < 2; repeat++) {
      assertThrows(SdkClientException.class, () -> producer.send(2, "a", null));
    }
    sqs.isDown = false;
    producer.send(2, "a", null);
    producer.flush();
    assertEquals(List.of(List.of("1"), List.of("1"), List.of("1"), List.of("2")), sqs.bodies());
  }

  @Test
  void whatDoesNotFitBesideWhatWasNotSentIsNotTaken() {
    Told sqs = new Told();
    Producer producer = producer(sqs);
    List<String> ten = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    IntStream.range(0, 10).forEach(producer::send);
    sqs.isDown = true;
    for (int repeat = 0; repeat < 2; repeat++) {
      assertThrows(SdkClientException.class, () -> producer.send("one more"));
    }
    sqs.isDown = false;
    producer.close();
    assertEquals(List.of(ten, ten, ten), sqs.bodies());
  }

  @Test
  void aMessageThatCanNeverBeSentComesWithTheErrorAndWhatCameBesideItIsSent() {
    Told sqs = new Told();
    sqs.never = "\"bad\"";
    sqs.notYet = Set.of("\"slow\"");
    Producer producer = producer(sqs);
    List.of("bad", "slow", "fine").forEach(producer::send);
    Producer.SendFailed failed = assertThrows(Producer.SendFailed.class, producer::flush);
    assertEquals(List.of("\"bad\""), failed.dropped());
    assertEquals(
        "dropped for good: 5 letters (InvalidMessageContents: a letter)", failed.getMessage());
    producer.flush();
    assertEquals(
        List.of(List.of("\"bad\"", "\"slow\"", "\"fine\""), List.of("\"slow\"")), sqs.bodies());
  }

  @Test
  void aMessageThatCanNeverBeSentIsNamedEvenWhereTheFlushWasInterruptedFirst() {
    Told sqs = new Told();
    sqs.never = "\"bad\"";
    sqs.notYet = Set.of("\"slow\"");
    Producer producer = producer(sqs);
    List.of("bad", "slow").forEach(producer::send);
    Thread.currentThread().interrupt();
    assertThrows(Producer.SendFailed.class, producer::flush);
    assertTrue(Thread.interrupted());
    Producer.SendFailed failed = assertThrows(Producer.SendFailed.class, producer::flush);
    assertEquals(List.of("\"bad\""), failed.dropped());
    producer.flush();
  }

  @Test
  void aMessageLargerThanAnyBatchIsRefusedAtOnce() {
    Told sqs = new Told();
    try (Producer producer = producer(sqs)) {
      assertThrows(IllegalArgumentException.class, () -> producer.send("x".repeat(1_048_576 - 1)));
    }
    assertEquals(List.of(), sqs.sent);
  }

  private static final ScheduledExecutorService KEEPER =
      Executors.newSingleThreadScheduledExecutor();

  @AfterAll
  static void endKeeper() {
    KEEPER.shutdownNow();
  }

  private static List<Message> received(String... ids) {
    return List.of(ids).stream()
        .map(id -> Message.builder().messageId(id).receiptHandle("receipt of " + id).build())
        .toList();
  }

  private static Hold hold(SqsClient sqs, List<Message> messages) {
    Heartbeat heartbeat = new Heartbeat(Duration.ofMinutes(1));
    return new Hold(new Queue(sqs, "queue"), messages, 30, KEEPER, heartbeat);
  }

  @Test
  void onlyWhatWasNotDeletedIsDeletedAgainAndTheRestIsGivenBack() {
    Refusing sqs = new Refusing(false, 1, 0);
    List<Message> messages = received("a", "b", "c");
    long begun = System.nanoTime();
    try (Hold hold = hold(sqs, messages)) {
      hold.done(messages.get(0));
      hold.done(messages.get(1));
    }
    assertEquals(List.of(List.of("a", "b"), List.of("a")), sqs.deleted);
    assertTrue(System.nanoTime() - begun >= 200_000_000, "the second try pauses first");
    assertEquals(List.of("c0"), sqs.givenBack);
  }

  @Test
  void whatIsDoneIsDeletedWhileTheNextTakesLongAndTriedAgainWhereThatFails() throws Exception {
    Refusing sqs = new Refusing(false, 1, 0, 0);
    List<Message> messages = received("a", "b");
    try (Hold hold = hold(sqs, messages)) {
      hold.done(messages.get(0));
      Thread.sleep(2_500);
      hold.done(messages.get(1));
    }
    assertEquals(List.of(List.of("a"), List.of("a"), List.of("b")), sqs.deleted);
    assertEquals(List.of(), sqs.givenBack);
  }
}
