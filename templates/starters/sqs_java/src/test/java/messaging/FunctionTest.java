package messaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Batches as Lambda writes them, handed over; what is set aside goes to a real server. */
class FunctionTest {
  private final SqsClient sqs = Clients.sqs(TestSettings.standard());
  private final List<Settings> made = new ArrayList<>();
  private final List<messaging.Message> seen = new ArrayList<>();

  private Settings create(Settings settings) {
    Queues.create(settings);
    made.add(settings);
    return settings;
  }

  @AfterEach
  void deleteQueues() {
    for (Settings settings : made) {
      for (String name : List.of(settings.queueName(), settings.deadLetterQueueName())) {
        Queue queue = Queue.named(sqs, name);
        sqs.deleteQueue(request -> request.queueUrl(queue.url()));
      }
    }
    sqs.close();
  }

  /** One message of an event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
  private static String record(String id, Object body, int receives, String group, String values) {
    String ordered =
        group == null
            ? ""
            : """
            , "SequenceNumber": "18849496460467696128", "MessageGroupId": "%s",
            "MessageDeduplicationId": "%s"
            """
                .formatted(group, id);
    return """
    {
      "messageId": "%s",
      "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
      "body": %s,
      "attributes": {
        "ApproximateReceiveCount": "%d",
        "SentTimestamp": "1573251510774",
        "SenderId": "AIDAIO23YVJENQZJOL4VO",
        "ApproximateFirstReceiveTimestamp": "1573251510774"%s
      },
      "messageAttributes": {%s},
      "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
      "eventSource": "aws:sqs",
      "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs",
      "awsRegion": "us-east-1"
    }
    """
        .formatted(id, Json.text(body), receives, ordered, values);
  }

  private static String record(String id, String group) {
    return record(id, "1", 1, group, "");
  }

  private DeadLetters deadLetters(Settings settings, boolean fifo) {
    return new DeadLetters(Queue.named(sqs, settings.deadLetterQueueName()), fifo);
  }

  private String answer(Settings settings, Handle handle, String... records) throws IOException {
    return answer(new Function(settings, handle, deadLetters(settings, settings.fifo())), records);
  }

  private static String answer(Function function, String... records) throws IOException {
    String event = "{\"Records\": [" + String.join(",", records) + "]}";
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    function.handle(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer);
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static String failures(String... ids) {
    return Arrays.stream(ids)
        .map(id -> "{\"itemIdentifier\":\"" + id + "\"}")
        .collect(Collectors.joining(",", "{\"batchItemFailures\":[", "]}"));
  }

  /** A handler that keeps what it gets, and fails on one. */
  private Handle failingOn(String id, Exception error) {
    return message -> {
      seen.add(message);
      if (message.id().equals(id)) {
        throw error;
      }
    };
  }

  private List<String> handled() {
    return seen.stream().map(messaging.Message::id).toList();
  }

  private Map<String, Map<String, MessageAttributeValue>> setAside(Settings settings) {
    Queue queue = Queue.named(sqs, settings.deadLetterQueueName());
    return sqs
        .receiveMessage(
            request ->
                request
                    .queueUrl(queue.url())
                    .waitTimeSeconds(1)
                    .maxNumberOfMessages(10)
                    .messageAttributeNames("All"))
        .messages()
        .stream()
        .collect(Collectors.toMap(Message::body, Message::messageAttributes));
  }

  @Test
  void onlyWhatFailedComesAgain() throws Exception {
    Settings standard = create(TestSettings.standard());
    Handle handle = failingOn("2", new IllegalStateException("not yet"));
    String bad = record("2", "\"bad\"", 2, null, "");
    assertEquals(
        failures("2"), answer(standard, handle, record("1", null), bad, record("3", null)));
    assertEquals(List.of("1", "2", "3"), handled());
    assertEquals("bad", seen.get(1).body().asText());
    assertEquals(2, seen.get(1).receiveCount());
    assertNull(seen.get(1).group());
    assertEquals(Map.of(), setAside(standard));
  }

  @Test
  void whatFailedForTheLastTimeOrCanNeverSucceedIsSetAsideWithItsReason() throws Exception {
    Settings standard = create(TestSettings.standard());
    Handle handle = failingOn("1", new IllegalStateException("no such invoice"));
    String lists = "\"stringListValues\": [], \"binaryListValues\": []";
    String values =
        """
        "shop": {"stringValue": "9", %s, "dataType": "Number"},
        "seal": {"binaryValue": "AP8=", %s, "dataType": "Binary"}
        """
            .formatted(lists, lists);
    String last = record("1", "\"last\"", standard.maxReceiveCount(), null, values);
    assertEquals(failures(), answer(standard, handle, last, record("2", "not json", 1, null, "")));
    Map<String, MessageAttributeValue> dead = setAside(standard).get("\"last\"");
    assertEquals(
        "IllegalStateException: no such invoice", dead.get("DeadLetterReason").stringValue());
    assertEquals(
        Integer.toString(standard.maxReceiveCount()), dead.get("DeadLetterAttempts").stringValue());
    assertEquals("Number", dead.get("shop").dataType());
    assertEquals("9", dead.get("shop").stringValue());
    assertArrayEquals(new byte[] {0, -1}, dead.get("seal").binaryValue().asByteArray());
  }

  @Test
  void whatIsNotJsonIsSetAsideAtOnce() throws Exception {
    Settings standard = create(TestSettings.standard());
    String record = record("1", "not json", 1, null, "");
    assertEquals(failures(), answer(standard, failingOn("", null), record));
    String reason = setAside(standard).get("not json").get("DeadLetterReason").stringValue();
    assertTrue(reason.startsWith("Unprocessable: not JSON"), reason);
  }

  @Test
  void whatCannotBeSetAsideComesAgain() throws Exception {
    Settings fifo = create(TestSettings.fifo());
    // Its dead-letter queue refuses what has no group.
    Function function =
        new Function(TestSettings.standard(), failingOn("", null), deadLetters(fifo, false));
    assertEquals(
        failures("1"), answer(function, record("1", "not json", 1, null, ""), record("2", null)));
  }

  @Test
  void aFifoMessageThatComesAgainTakesThoseOfItsGroupBehindItAlong() throws Exception {
    Settings fifo = create(TestSettings.fifo());
    Handle handle = failingOn("a2", new IllegalStateException("not yet"));
    String[] batch =
        Stream.of("a1", "a2", "b1", "a3", "b2", "a4")
            .map(id -> record(id, id.substring(0, 1)))
            .toArray(String[]::new);
    assertEquals(failures("a2", "a3", "a4"), answer(fifo, handle, batch));
    assertEquals(List.of("a1", "a2", "b1", "b2"), handled());
  }

  @Test
  void aFifoMessageThatIsSetAsideHoldsUpNobody() throws Exception {
    Settings fifo = create(TestSettings.fifo());
    Handle handle = failingOn("a1", new Unprocessable("never"));
    assertEquals(failures(), answer(fifo, handle, record("a1", "a"), record("a2", "a")));
    assertEquals(1, setAside(fifo).size());
  }

  @Test
  void groupsOfAStandardQueueAreNoOrder() throws Exception {
    Settings standard = create(TestSettings.standard());
    Handle handle = failingOn("1", new IllegalStateException("not yet"));
    String[] batch = {record("1", "tenant-1"), record("2", "tenant-1")};
    assertEquals(failures("1"), answer(standard, handle, batch));
  }
}
