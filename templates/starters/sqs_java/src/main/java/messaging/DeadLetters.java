package messaging;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Sets messages aside that cannot be handled: unchanged, with the reason in the message attributes.
 * SQS's own redrive stays as the net for consumers that die; it knows no reason, so this comes
 * before it.
 */
final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final int MAX_REASON = 500;
  private static final int MAX_ATTRIBUTES =
      10; // docs.aws.amazon.com, "Amazon SQS message metadata"
  private static final String REFUSED_LETTERS =
      "[^\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]";

  private final Queue queue;
  private final boolean fifo;

  DeadLetters(Queue queue, boolean fifo) {
    this.queue = queue;
    this.fifo = fifo;
  }

  /** Returns only when SQS has it: the caller deletes the original next. */
  void add(Message received, Throwable error, int attempts) {
    String reason = printable(error.getClass().getSimpleName() + ": " + error.getMessage());
    Map<String, MessageAttributeValue> attributes = new HashMap<>(received.messageAttributes());
    add(attributes, "DeadLetterReason", reason);
    add(attributes, "DeadLetterAttempts", Integer.toString(attempts));
    add(attributes, "DeadLetterMessageId", received.messageId());
    SendMessageRequest copy =
        SendMessageRequest.builder()
            .queueUrl(queue.url())
            .messageBody(received.body())
            .messageAttributes(attributes)
            .messageGroupId(fifo ? group(received) : null)
            .messageDeduplicationId(fifo ? received.messageId() : null)
            .build();
    String id = send(copy, received.messageAttributes());
    Metrics.count("dead_lettered", 1);
    log.atError()
        .addKeyValue("id", received.messageId())
        .addKeyValue("dead_letter_id", id)
        .addKeyValue("reason", reason)
        .addKeyValue("attempts", attempts)
        .log("set aside");
  }

  private String send(SendMessageRequest copy, Map<String, MessageAttributeValue> theirs) {
    try {
      return queue.sqs().sendMessage(copy).messageId();
    } catch (SqsException refused) {
      String code = refused.awsErrorDetails() == null ? "" : refused.awsErrorDetails().errorCode();
      if (code == null || !code.startsWith("InvalidParameterValue")) {
        throw refused;
      }
      // Attributes count toward the size: so near the limit only what was received fits. The log
      // has the rest.
      SendMessageRequest bare = copy.toBuilder().messageAttributes(theirs).build();
      return queue.sqs().sendMessage(bare).messageId();
    }
  }

  private static String group(Message received) {
    return received.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
  }

  /** In place of what an earlier failure added, or where the sender's leave room. */
  private static void add(Map<String, MessageAttributeValue> attributes, String name, String text) {
    if (attributes.containsKey(name) || attributes.size() < MAX_ATTRIBUTES) {
      attributes.put(
          name, MessageAttributeValue.builder().dataType("String").stringValue(text).build());
    }
  }

  /** SQS refuses control characters. */
  private static String printable(String text) {
    return text.substring(0, Math.min(MAX_REASON, text.length())).replaceAll(REFUSED_LETTERS, " ");
  }
}
