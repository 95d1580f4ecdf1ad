package bridge;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request to stop; the work in hand is finished first. */
final class StopSignal {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Tells a listener, for something that waits in a place where it cannot see the request. */
  void onRequest(Runnable listener) {
    listeners.add(listener);
  }

  void request() {
    requested.countDown();
    listeners.forEach(Runnable::run);
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits that long, or until the request comes; true when it came. */
  boolean await(Duration pause) throws InterruptedException {
    return requested.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
