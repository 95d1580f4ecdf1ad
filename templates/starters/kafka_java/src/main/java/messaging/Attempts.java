package messaging;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One record until it is done, set aside, or a stop comes first. */
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

  /** True when the record needs no more work and may be committed. */
  boolean finish(ConsumerRecord<byte[], byte[]> raw) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        handle.handle(Message.decode(raw));
        Metrics.count("handled", 1);
        return true;
      } catch (Exception | StackOverflowError | AssertionError | LinkageError error) {
        // These errors are the record's, or it would end one process after the other. Others, such
        // as out of memory, are the process's own.
        if (error instanceof Unprocessable || attempt >= settings.maxAttempts()) {
          deadLetters.add(raw, error, attempt);
          return true;
        }
        retry(raw, error, attempt);
      }
      if (stop.await(Duration.ofMillis((long) settings.retryBackoffMs() << (attempt - 1)))) {
        return false;
      }
    }
  }

  private static void retry(ConsumerRecord<byte[], byte[]> raw, Throwable error, int attempt) {
    Metrics.count("retried", 1);
    log.atWarn()
        .addKeyValue("partition", raw.partition())
        .addKeyValue("offset", raw.offset())
        .addKeyValue("attempt", attempt)
        .addKeyValue("error", error.toString())
        .log("failed, will be tried again");
  }
}
