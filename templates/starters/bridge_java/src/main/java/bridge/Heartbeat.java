package bridge;

import java.time.Duration;

/** When the bridge last showed that it goes on. */
final class Heartbeat {
  private final Duration patience;
  private volatile long lastBeat = System.nanoTime();

  Heartbeat(Duration patience) {
    this.patience = patience;
  }

  void beat() {
    lastBeat = System.nanoTime();
  }

  boolean isAlive() {
    return System.nanoTime() - lastBeat <= patience.toNanos();
  }
}
