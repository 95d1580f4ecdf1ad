package bridge;

/** A topic, a queue, a secret or its file that should be there is not. */
final class MissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingException(String message) {
    super(message);
  }
}
