package messaging;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the bench found beside what was assumed, as a few lines of text.
 *
 * @param waiting what had not come through when the sending ended
 */
record BenchReport(
    Settings settings, int sent, double seconds, int waiting, List<Double> latenciesMs) {
  private static final double NEARLY =
      0.98; // of the rate: a sender's ticks do not end on the second
  private static final String WAITING = "in flight";

  boolean holds() {
    return keepsRate() && keepsLatency() && hasAll();
  }

  private boolean keepsRate() {
    return sent / seconds >= NEARLY * settings.assumedMessagesPerSecond();
  }

  private boolean keepsLatency() {
    return percentile(99) <= settings.assumedLatencyMs();
  }

  private boolean hasAll() {
    return latenciesMs.size() >= sent;
  }

  /** By nearest rank; endless where nothing arrived. */
  private double percentile(int percent) {
    List<Double> ordered = latenciesMs.stream().sorted().toList();
    int rank = (int) Math.ceil(percent / 100.0 * ordered.size());
    return ordered.isEmpty() ? Double.POSITIVE_INFINITY : ordered.get(rank - 1);
  }

  String text() {
    String percentiles =
        Stream.of(50, 95, 99)
            .map(percent -> format("p%d %,.0f ms", percent, percentile(percent)))
            .collect(Collectors.joining(", "));
    return String.join(
        "\n",
        format(
            "messages   %,d of %,d bytes in %.1f s", sent, settings.assumedMessageBytes(), seconds),
        format(
            "rate       %,.0f/s, assumed %,d/s  (%s)",
            sent / seconds, settings.assumedMessagesPerSecond(), word(keepsRate())),
        format(
            "latency    %s, assumed p99 %,d ms  (%s)",
            percentiles, settings.assumedLatencyMs(), word(keepsLatency())),
        format("%-10s %,d when the sending ended", WAITING, waiting),
        format("arrived    %,d of %,d  (%s)", latenciesMs.size(), sent, word(hasAll())),
        "The assumptions "
            + (holds() ? "hold" : "do not hold")
            + " from this machine against this broker.");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static String word(boolean holds) {
    return holds ? "holds" : "does not hold";
  }
}
