package messaging;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/** One message until it is done, set aside or given back. */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  private final Settings settings;
  private final Handle handle;
  private final DeadLetters deadLetters;
  private final StopSignal stop;

  Attempts(Settings settings, Handle handle, DeadLetters deadLetters, StopSignal stop) {
    this.settings = settings;
    this.handle = handle;
    this.deadLetters = deadLetters;
    this.stop = stop;
  }

  void finish(Message received, Hold hold) throws InterruptedException {
    for (int attempt = settings.fifo() ? 1 : messaging.Message.receiveCount(received);
        ;
        attempt++) {
      if (isFinished(received, attempt)) {
        hold.done(received);
        return;
      }
      int pause = (int) Math.min(Math.pow(2, attempt - 1), settings.visibilityTimeoutSeconds());
      if (!settings.fifo()) {
        hold.letGo(received, pause);
        return;
      }
      // Given back, it would keep its group waiting just the same, and use up the receives of those
      // behind it.
      if (stop.await(Duration.ofSeconds(pause))) {
        return;
      }
    }
  }

  /** True when it was handled or set aside. */
  boolean isFinished(Message received, int attempt) {
    try {
      handle.handle(messaging.Message.decode(received));
      Metrics.count("handled", 1);
      return true;
    } catch (Exception | StackOverflowError | AssertionError | LinkageError error) {
      // These errors are the message's, or it would end one process after the other. Others, such
      // as out of memory, are the process's own.
      if (error instanceof Unprocessable || attempt >= settings.maxReceiveCount()) {
        deadLetters.add(received, error, attempt);
        return true;
      }
      Metrics.count("retried", 1);
      log.atWarn()
          .addKeyValue("id", received.messageId())
          .addKeyValue("attempt", attempt)
          .addKeyValue("error", error.toString())
          .log("failed, will be tried again");
      return false;
    }
  }
}
