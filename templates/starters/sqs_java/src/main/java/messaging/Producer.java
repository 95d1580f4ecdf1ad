package messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Sends messages in batches: what was not taken is sent again, and flush() reports what never was.
 */
public final class Producer implements AutoCloseable {
  private static final int MAX_ENTRIES = 10; // of one batch, for SQS and SNS alike
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** SQS or SNS did not take these messages. */
  public static final class SendFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SendFailed(String message) {
      super(message);
    }
  }

  private final Settings settings;
  private final Outlet outlet;
  private List<Outlet.Entry> batch = new ArrayList<>();

  public Producer(Settings settings) {
    this(settings, Outlet.of(settings));
  }

  Producer(Settings settings, Outlet outlet) {
    this.settings = settings;
    this.outlet = outlet;
  }

  public void send(Object body) {
    send(body, "default", null);
  }

  /** Has a standard queue hold the message back for so long, up to the setting delay_seconds. */
  public void sendLater(Object body, int delaySeconds) {
    send(body, "default", null, delaySeconds);
  }

  /**
   * Adds to the batch. On a FIFO queue a group keeps its order, and one id is taken once in five
   * minutes; without an id (null), each call counts as a new message.
   */
  public void send(Object body, String group, String deduplicationId) {
    send(body, group, deduplicationId, 0);
  }

  synchronized void send(Object body, String group, String deduplicationId, int delaySeconds) {
    int most = settings.messageDelaySecondsMax();
    if (delaySeconds < 0 || delaySeconds > most) {
      throw new IllegalArgumentException(
          "delaySeconds: "
              + delaySeconds
              + " is not between 0 and "
              + most
              + ", as the settings allow");
    }
    String id = UUID.randomUUID().toString();
    boolean isHashed = deduplicationId == null && settings.contentBasedDeduplication();
    String identity = isHashed ? null : deduplicationId == null ? id : deduplicationId;
    Outlet.Entry entry =
        settings.fifo()
            ? new Outlet.Entry(id, Json.text(body), group, identity, 0)
            : new Outlet.Entry(id, Json.text(body), null, null, delaySeconds);
    if (isFull(entry)) {
      flush();
    }
    batch.add(entry);
  }

  /** Sends what is waiting. Call it before you rely on it, and at the end. */
  public synchronized void flush() {
    List<Outlet.Entry> waiting = batch;
    batch = new ArrayList<>();
    for (int attempt = 0; attempt < ATTEMPTS && !waiting.isEmpty(); attempt++) {
      pauseBefore(attempt);
      List<Outlet.Refusal> refusals = outlet.send(waiting);
      if (refusals.stream().anyMatch(Outlet.Refusal::isSendersFault)) {
        throw new SendFailed("refused: " + refusals);
      }
      Metrics.count("sent", waiting.size() - refusals.size());
      Set<String> refused = refusals.stream().map(Outlet.Refusal::id).collect(Collectors.toSet());
      waiting = waiting.stream().filter(entry -> refused.contains(entry.id())).toList();
    }
    if (!waiting.isEmpty()) {
      throw new SendFailed(waiting.size() + " messages, refused " + ATTEMPTS + " times");
    }
  }

  private static void pauseBefore(int attempt) {
    try {
      if (attempt > 0) {
        Thread.sleep(FIRST_PAUSE.toMillis() << (attempt - 1));
      }
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new SendFailed("interrupted before all was sent");
    }
  }

  private boolean isFull(Outlet.Entry next) {
    if (batch.size() == MAX_ENTRIES) {
      return true;
    }
    if (!batch.isEmpty()
        && bytes(next) + batch.stream().mapToInt(Producer::bytes).sum() > outlet.maxBytes()) {
      return true;
    }
    // One of each group at a time: were the first of two refused and the second taken, their order
    // would be lost.
    return settings.fifo() && batch.stream().anyMatch(entry -> entry.group().equals(next.group()));
  }

  private static int bytes(Outlet.Entry entry) {
    return entry.body().getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void close() {
    try (outlet) {
      flush();
    }
  }
}
