package bridge;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What no queue will ever take: it wants text, some of it, and of at most a mebibyte. */
final class Unsendable {
  // Of one batch, and so of one message: docs.aws.amazon.com, "Amazon SQS message quotas".
  static final int MAX_BYTES = 1_048_576;

  private Unsendable() {}

  /** The reason; empty for what a queue may take. */
  static Optional<String> why(byte[] value) {
    if (value == null || value.length == 0) {
      return Optional.of("SQS takes no empty message");
    }
    if (value.length > MAX_BYTES) {
      return Optional.of(value.length + " bytes are more than SQS takes");
    }
    return isText(value)
        ? Optional.empty()
        : Optional.of("SQS takes text in UTF-8 without control characters");
  }

  private static boolean isText(byte[] value) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value))
          .codePoints()
          .allMatch(Unsendable::isTaken);
    } catch (CharacterCodingException error) {
      return false;
    }
  }

  private static boolean isTaken(int letter) {
    return switch (letter) {
      case '\t', '\n', '\r' -> true;
      default -> letter >= ' ' && letter != 0xfffe && letter != 0xffff;
    };
  }
}
