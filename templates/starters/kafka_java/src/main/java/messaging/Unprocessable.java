package messaging;

/** This message will never succeed: it is set aside at once, without further attempts. */
public final class Unprocessable extends Exception {
  private static final long serialVersionUID = 1L;

  public Unprocessable(String reason) {
    super(reason);
  }

  public Unprocessable(String reason, Throwable cause) {
    super(reason, cause);
  }
}
