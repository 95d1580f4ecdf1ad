package messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Your code: what is to be done with each message. */
public final class Handler implements Handle {
  private static final Logger log = LoggerFactory.getLogger(Handler.class);

  /**
   * Does the work of one message. This is the method to edit. Several threads call it at once.
   *
   * <p>Return, and the message is done. Throw, and it is tried again with growing pauses, then set
   * aside with the exception as its reason. Throw {@link Unprocessable} to set it aside at once. A
   * message can come twice (SQS promises at least once), so doing it again must do no harm.
   */
  @Override
  public void handle(Message message) throws Exception {
    // Which it is, and not what is in it: logs are kept for long and read by many.
    log.atInfo()
        .addKeyValue("id", message.id())
        .addKeyValue("receive_count", message.receiveCount())
        .log("handled");
  }
}
