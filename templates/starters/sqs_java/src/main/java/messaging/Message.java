package messaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What a handler is given, decoded from a received message.
 *
 * @param body {@code Json.MAPPER.treeToValue(body, Invoice.class)} makes an object of it
 * @param group null where the queue is no FIFO queue
 */
public record Message(String id, JsonNode body, String group, int receiveCount) {

  static Message decode(software.amazon.awssdk.services.sqs.model.Message received)
      throws Unprocessable {
    try {
      return new Message(
          received.messageId(),
          Json.parse(received.body().getBytes(StandardCharsets.UTF_8)),
          received.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID),
          receiveCount(received));
    } catch (IOException error) { // its own message may quote what came, and reasons are logged
      throw new Unprocessable("not JSON", error);
    }
  }

  static int receiveCount(software.amazon.awssdk.services.sqs.model.Message received) {
    return Integer.parseInt(
        received.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
  }
}
