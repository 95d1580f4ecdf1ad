package messaging;

import java.io.Console;

/** How much is due by now of what is to be sent evenly over some seconds, and how far that is. */
final class Pace {
  private static final int BURST =
      1_000; // at most, so that a sender that falls behind looks at the clock
  private static final int BAR = 30;

  private final int total;
  private final double seconds;
  private final long started = System.nanoTime();

  Pace(int total, double seconds) {
    this.total = total;
    this.seconds = seconds;
  }

  /** At half the rate it is clear enough, and nobody need wait for more. */
  boolean goesOn(int sent) {
    return sent < total && passed() <= 2 * seconds;
  }

  int due(int sent) {
    int byNow = (int) Math.min(total, passed() / seconds * total + 1);
    return Math.min(BURST, byNow - sent);
  }

  private double passed() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** A bar, on a terminal only. */
  void show(long sent) {
    if (!isTerminal()) {
      return;
    }
    double done = Math.min(1, passed() / seconds);
    String bar = "#".repeat((int) Math.round(BAR * done));
    System.err.printf("\r[%-" + BAR + "s] %4.0f of %.0f s, %,d sent", bar, passed(), seconds, sent);
    if (done == 1) {
      System.err.println();
    }
  }

  /**
   * Before Java 22 there is no console where there is no terminal; from then on it can be asked.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    try {
      return console != null && (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }
}
