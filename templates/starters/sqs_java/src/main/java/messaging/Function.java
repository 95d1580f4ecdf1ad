package messaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * AWS Lambda's way in: your handler gets each message of a batch, and those that are to come again
 * are returned. Lambda polls, deletes what is not returned, and gets the rest again after the
 * visibility timeout, so nothing here does. Its event source mapping must have
 * ReportBatchItemFailures: without that, what is returned is deleted as well.
 */
public final class Function {
  private static final Logger log = LoggerFactory.getLogger(Function.class);

  private final boolean fifo;
  private final Attempts attempts;

  /** Once for all batches that this copy of the function gets. */
  public Function() {
    this(deployed());
  }

  private Function(Settings settings) {
    this(
        settings,
        new Handler(),
        new DeadLetters(
            Queue.named(Clients.sqs(settings), settings.deadLetterQueueName()), settings.fifo()));
  }

  Function(Settings settings, Handle handle, DeadLetters deadLetters) {
    this.fifo = settings.fifo();
    this.attempts = new Attempts(settings, handle, deadLetters, new StopSignal());
  }

  /** What Lambda calls, for one batch at a time. */
  public void handle(InputStream event, OutputStream answer) throws IOException {
    List<Map<String, String>> failures =
        returned(Json.MAPPER.readTree(event)).stream()
            .map(id -> Map.of("itemIdentifier", id))
            .toList();
    answer.write(Json.write(Map.of("batchItemFailures", failures)));
  }

  /**
   * The ids of what is to come again. In a FIFO queue such a message takes those of its group
   * behind it along, so that order is kept.
   */
  private List<String> returned(JsonNode event) {
    JsonNode records = event.required("Records");
    Metrics.count("received", records.size());
    List<String> failed = new ArrayList<>();
    Set<String> waiting = new HashSet<>();
    for (JsonNode each : records) {
      Message received = received(each);
      String group = received.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
      if (waiting.contains(group) || !isDone(received)) {
        failed.add(received.messageId());
        if (fifo) {
          waiting.add(group);
        }
      }
    }
    return failed;
  }

  /** Handled or set aside. */
  private boolean isDone(Message received) {
    try {
      return attempts.isFinished(received, messaging.Message.receiveCount(received));
    } catch (RuntimeException error) {
      log.atWarn()
          .addKeyValue("id", received.messageId())
          .addKeyValue("error", error.toString())
          .log("cannot be set aside, will be tried again");
      Metrics.count("retried", 1);
      return false;
    }
  }

  /** A function is always deployed. */
  private static Settings deployed() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putIfAbsent("DEPLOYED", "true");
    Path root = Path.of(environment.getOrDefault("LAMBDA_TASK_ROOT", ""));
    return Settings.load(root.resolve(Settings.FILE), environment);
  }

  /** The same message as SQS itself has it; Lambda writes other names, and bytes as base64. */
  private static Message received(JsonNode written) {
    Map<String, String> attributes = new HashMap<>();
    written
        .required("attributes")
        .properties()
        .forEach(each -> attributes.put(each.getKey(), each.getValue().asText()));
    Map<String, MessageAttributeValue> values = new HashMap<>();
    written
        .required("messageAttributes")
        .properties()
        .forEach(each -> values.put(each.getKey(), value(each.getValue())));
    return Message.builder()
        .messageId(written.required("messageId").asText())
        .body(written.required("body").asText())
        .attributesWithStrings(attributes)
        .messageAttributes(values)
        .build();
  }

  private static MessageAttributeValue value(JsonNode written) {
    MessageAttributeValue.Builder value =
        MessageAttributeValue.builder().dataType(written.required("dataType").asText());
    try {
      return written.hasNonNull("binaryValue")
          ? value
              .binaryValue(SdkBytes.fromByteArray(written.get("binaryValue").binaryValue()))
              .build()
          : value.stringValue(written.required("stringValue").asText()).build();
    } catch (IOException error) {
      throw new IllegalArgumentException("not base64: " + written, error);
    }
  }
}
