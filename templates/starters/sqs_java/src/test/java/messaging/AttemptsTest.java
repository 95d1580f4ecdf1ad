package messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** What counts as a failed attempt. */
class AttemptsTest {
  private static final ScheduledExecutorService KEEPER =
      Executors.newSingleThreadScheduledExecutor();

  /** Takes all, and keeps the reasons of what was set aside. */
  private static final class Taking implements SqsClient {
    final List<String> reasons = new ArrayList<>();

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
      reasons.add(request.messageAttributes().get("DeadLetterReason").stringValue());
      return SendMessageResponse.builder().messageId("d1").build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest request) {
      return DeleteMessageBatchResponse.builder().build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      return ChangeMessageVisibilityBatchResponse.builder().build();
    }
  }

  @AfterAll
  static void endKeeper() {
    KEEPER.shutdownNow();
  }

  /** The last attempt that a message has. */
  private static List<String> reasonsAfter(Error error) throws InterruptedException {
    Taking sqs = new Taking();
    Queue queue = new Queue(sqs, "queue");
    Settings settings = TestSettings.standard();
    String receives = Integer.toString(settings.maxReceiveCount());
    Message message =
        Message.builder()
            .messageId("m1")
            .receiptHandle("receipt")
            .body("1")
            .attributes(Map.of(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, receives))
            .build();
    Handle failing =
        each -> {
          throw error;
        };
    Heartbeat heartbeat = new Heartbeat(Duration.ofMinutes(1));
    DeadLetters deadLetters = new DeadLetters(queue, false);
    try (Hold hold = new Hold(queue, List.of(message), 30, KEEPER, heartbeat)) {
      new Attempts(settings, failing, deadLetters, new StopSignal()).finish(message, hold);
    }
    return sqs.reasons;
  }

  @Test
  void anErrorOfTheHandlersCodeIsAFailedAttempt() throws InterruptedException {
    assertEquals(
        List.of("AssertionError: no such order"),
        reasonsAfter(new AssertionError("no such order")));
    assertEquals(List.of("StackOverflowError: deep"), reasonsAfter(new StackOverflowError("deep")));
    assertEquals(
        List.of("NoClassDefFoundError: Missing"),
        reasonsAfter(new NoClassDefFoundError("Missing")));
    assertEquals(
        List.of("ExceptionInInitializerError: broken"),
        reasonsAfter(new ExceptionInInitializerError("broken")));
  }

  @Test
  void outOfMemoryIsNot() {
    assertThrows(OutOfMemoryError.class, () -> reasonsAfter(new OutOfMemoryError("not really")));
  }
}
