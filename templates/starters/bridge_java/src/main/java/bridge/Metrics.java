package bridge;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is counted: received, retried, dead_lettered, sent. The place to call your metrics library.
 */
public final class Metrics {
  private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

  private Metrics() {}

  /**
   * Called at each event, by several threads. This is the method to edit; /healthz shows the
   * counts.
   */
  static void count(String name, long amount) {
    COUNTS.computeIfAbsent(name, unseen -> new LongAdder()).add(amount);
  }

  static Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    COUNTS.forEach((name, count) -> counts.put(name, count.sum()));
    return counts;
  }
}
