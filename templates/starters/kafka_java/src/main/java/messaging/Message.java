package messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a handler is given, decoded from a record.
 *
 * @param key null where the record has none
 * @param value {@code Json.MAPPER.treeToValue(value, Order.class)} makes an object of it
 */
public record Message(String key, JsonNode value, String topic, int partition, long offset) {

  /** Not a Deserializer: when one of those throws, poll() throws at the same record for ever. */
  static Message decode(ConsumerRecord<byte[], byte[]> raw) throws Unprocessable {
    try {
      return new Message(
          decodeKey(raw.key()),
          raw.value() == null ? NullNode.getInstance() : Json.parse(raw.value()),
          raw.topic(),
          raw.partition(),
          raw.offset());
    } catch (IOException error) { // its own message may quote what came, and reasons are logged
      throw new Unprocessable("not JSON in UTF-8", error);
    }
  }

  private static String decodeKey(byte[] key) throws CharacterCodingException {
    return key == null
        ? null
        : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
  }
}
