package messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Sends messages in batches: what was not taken is sent again, by this flush() or by the next one.
 * Threads may share one: it sends for one of them at a time, and the others wait.
 */
public final class Producer implements AutoCloseable {
  private static final int MAX_ENTRIES = 10; // of one batch, for SQS and SNS alike
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /**
   * Not all was taken: what never will be is dropped, and to be had here alone; the rest stays for
   * the next flush.
   */
  public static final class SendFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] dropped;

    SendFailed(String message, List<String> dropped) {
      super(message);
      this.dropped = dropped.toArray(String[]::new);
    }

    /** The bodies, as JSON; they are not in the message, since errors end up in logs. */
    public List<String> dropped() {
      return List.of(dropped);
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
    Outlet.Entry entry = entry(Json.text(body), group, deduplicationId, delaySeconds);
    if (isFull(entry)) {
      flush(); // where it throws, this message is not taken: the caller may send it again
    }
    batch.add(entry);
  }

  /** What is too large is refused here, as it would fail each batch that it is in. */
  private Outlet.Entry entry(String text, String group, String deduplicationId, int delaySeconds) {
    if (bytes(text) > outlet.maxBytes()) {
      throw new IllegalArgumentException(
          "body: " + bytes(text) + " bytes are more than the " + outlet.maxBytes() + " of a batch");
    }
    String id = UUID.randomUUID().toString();
    boolean isHashed = deduplicationId == null && settings.contentBasedDeduplication();
    String identity = isHashed ? null : deduplicationId == null ? id : deduplicationId;
    return settings.fifo()
        ? new Outlet.Entry(id, text, group, identity, 0)
        : new Outlet.Entry(id, text, null, null, delaySeconds);
  }

  /**
   * Returns when all that was sent is stored, whoever sent it. Call it before you rely on it, and
   * at the end.
   */
  public synchronized void flush() {
    // A message leaves the batch once it was taken, or with the error that has it: no failure
    // forgets one.
    Map<String, String> hopeless = new HashMap<>();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Outlet.Entry> waiting = without(hopeless.keySet());
      if (waiting.isEmpty()) {
        break;
      }
      pauseBefore(attempt);
      keepOnlyRefused(waiting, outlet.send(waiting), hopeless);
    }
    report(hopeless);
  }

  private void keepOnlyRefused(
      List<Outlet.Entry> waiting, List<Outlet.Refusal> refusals, Map<String, String> hopeless) {
    Metrics.count("sent", waiting.size() - refusals.size());
    Set<String> taken = new HashSet<>();
    waiting.forEach(entry -> taken.add(entry.id()));
    for (Outlet.Refusal refusal : refusals) {
      taken.remove(refusal.id());
      if (refusal.isSendersFault()) {
        hopeless.put(refusal.id(), refusal.reason());
      }
    }
    batch = without(taken);
  }

  /** Drops the hopeless, and throws where something was not taken. */
  private void report(Map<String, String> hopeless) {
    List<String> said = new ArrayList<>();
    List<String> dropped = new ArrayList<>();
    for (Outlet.Entry entry : batch) {
      if (hopeless.containsKey(entry.id())) {
        String reason = hopeless.get(entry.id());
        said.add("dropped for good: " + entry.body().length() + " letters (" + reason + ")");
        dropped.add(entry.body());
      }
    }
    batch = without(hopeless.keySet());
    if (!batch.isEmpty()) {
      said.add(
          batch.size()
              + " messages, refused "
              + ATTEMPTS
              + " times: the next flush sends them again");
    }
    if (!said.isEmpty()) {
      throw new SendFailed(String.join("; ", said), dropped);
    }
  }

  /** What else is in the batch, in its order. */
  private List<Outlet.Entry> without(Set<String> ids) {
    return new ArrayList<>(batch.stream().filter(entry -> !ids.contains(entry.id())).toList());
  }

  private static void pauseBefore(int attempt) {
    try {
      if (attempt > 0) {
        Thread.sleep(FIRST_PAUSE.toMillis() << (attempt - 1));
      }
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
      throw new SendFailed("interrupted before all was sent", List.of());
    }
  }

  private boolean isFull(Outlet.Entry next) {
    if (batch.size() == MAX_ENTRIES) {
      return true;
    }
    if (!batch.isEmpty()
        && bytes(next.body()) + batch.stream().mapToInt(entry -> bytes(entry.body())).sum()
            > outlet.maxBytes()) {
      return true;
    }
    // One of each group at a time: were the first of two refused and the second taken, their order
    // would be lost.
    return settings.fifo() && batch.stream().anyMatch(entry -> entry.group().equals(next.group()));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Flushes; where that throws, what was not stored is gone with this producer. */
  @Override
  public void close() {
    try (outlet) {
      flush();
    }
  }
}
