package messaging;

import java.util.ArrayList;
import java.util.List;

/** What the bench's consumer had, and how long after it was sent. */
final class Seen implements Handle {
  private static final long PATIENCE_NANOS = 60_000_000_000L; // for the first message, and the last

  private final List<Double> latenciesMs = new ArrayList<>();

  @Override
  public synchronized void handle(Message message) {
    long sentAt = message.value().get("sent_at").longValue();
    latenciesMs.add((System.nanoTime() - sentAt) / 1e6);
  }

  synchronized int count() {
    return latenciesMs.size();
  }

  synchronized void forget() {
    latenciesMs.clear();
  }

  synchronized List<Double> latenciesMs() {
    return List.copyOf(latenciesMs);
  }

  /** True when so many came, false when they did not come in time. */
  boolean waitFor(int wanted) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (count() < wanted && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    return count() >= wanted;
  }
}
