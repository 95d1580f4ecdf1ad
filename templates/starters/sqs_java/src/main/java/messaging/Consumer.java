package messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Consumes messages: handles, then deletes, in several threads that poll for long. */
public final class Consumer {
  private static final Logger log = LoggerFactory.getLogger(Consumer.class);

  private final Settings settings;
  private final Handle handle;
  private final StopSignal stop;
  private final Heartbeat heartbeat;

  Consumer(Settings settings, Handle handle, StopSignal stop, Heartbeat heartbeat) {
    this.settings = settings;
    this.handle = handle;
    this.stop = stop;
    this.heartbeat = heartbeat;
  }

  /** Returns after a stop; throws what ended a worker, after stopping the others. */
  void run() throws ExecutionException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(settings.workerCount());
    try (SqsClient sqs = Clients.sqs(settings)) {
      List<Future<Void>> workers = new ArrayList<>();
      for (int number = 0; number < settings.workerCount(); number++) {
        Worker worker = new Worker(sqs, settings, handle, stop, heartbeat);
        workers.add(pool.submit(() -> stopOthersAtEnd(worker)));
      }
      for (Future<Void> worker : workers) {
        worker.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private Void stopOthersAtEnd(Worker worker) throws InterruptedException {
    try {
      return worker.call();
    } finally {
      stop.request();
    }
  }

  /** A poll is a sign of life, and so is each time that the visibility is extended. */
  static Heartbeat heartbeat(Settings settings) {
    return new Heartbeat(
        Duration.ofSeconds(settings.waitTimeSeconds() + settings.visibilityTimeoutSeconds() + 10L));
  }

  public static void main(String[] arguments) {
    Program.runUntilStopped(
        (settings, stop) -> {
          log.atInfo()
              .addKeyValue("queue", settings.queueName())
              .addKeyValue("workers", settings.workerCount())
              .log("consuming");
          Heartbeat heartbeat = heartbeat(settings);
          Health health = Health.serve(settings.healthPort(), heartbeat);
          try (health) {
            new Consumer(settings, new Handler(), stop, heartbeat).run();
          }
          log.info("stopped");
        });
  }
}
