package messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;

/**
 * Does a broker bear what was assumed? Sends at the assumed rate and size, consumes it all, and
 * compares. In topics of its own, which it deletes again. Ends with 0 if the assumptions hold, else
 * with 1.
 */
public final class Bench {
  private static final int KEYS = 100;
  private static final int TICK_MS = 10;
  private static final double SETTLING_SECONDS =
      0.5; // the last confirmations do not count against the rate
  private static final int FRAME = 48; // what JSON and the time take of the assumed size

  private final Settings settings;
  private final int seconds;
  private final Seen seen = new Seen();

  private Bench(Settings settings, int seconds) {
    this.settings = settings;
    this.seconds = seconds;
  }

  private static Settings apart(Settings settings) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("TOPIC", settings.topic() + ".bench");
    environment.put("DEAD_LETTER_TOPIC", settings.topic() + ".bench.dead-letters");
    environment.put("CONSUMER_GROUP", settings.consumerGroup() + "-bench");
    return Settings.load(Settings.FILE, environment);
  }

  private BenchReport run() throws Exception {
    Topics.create(settings);
    StopSignal stop = new StopSignal();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Void> consumer = thread.submit(() -> consume(stop));
    try {
      return measure();
    } finally {
      stop.request();
      thread.shutdown();
      consumer.get();
      delete();
    }
  }

  private Void consume(StopSignal stop) throws InterruptedException {
    Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(settings.maxPollIntervalMs()));
    new Consumer(settings, seen, stop, heartbeat).run();
    return null;
  }

  private BenchReport measure() throws InterruptedException {
    try (Producer first = new Producer(settings)) {
      first.send("first", body());
    }
    // By the time it is through, the consumer has its partitions.
    if (!seen.waitFor(1)) {
      throw new IllegalStateException("the first record did not come through");
    }
    seen.forget();
    long started = System.nanoTime();
    int sent = send();
    double took = (System.nanoTime() - started) / 1e9;
    int lag = sent - seen.count();
    seen.waitFor(sent);
    return new BenchReport(
        settings, sent, Math.max(seconds, took - SETTLING_SECONDS), lag, seen.latenciesMs());
  }

  /** As many as are due by now, tick by tick. */
  private int send() throws InterruptedException {
    Pace pace = new Pace(Math.max(1, settings.assumedMessagesPerSecond() * seconds), seconds);
    int sent = 0;
    try (Producer producer = new Producer(settings)) {
      while (pace.goesOn(sent)) {
        for (int due = pace.due(sent); due > 0; due--) {
          producer.send("key-" + sent % KEYS, body());
          sent++;
        }
        pace.show(sent);
        Thread.sleep(TICK_MS);
      }
    }
    return sent;
  }

  private Map<String, Object> body() {
    String padding = "x".repeat(Math.max(0, settings.assumedMessageBytes() - FRAME));
    return Map.of("sent_at", System.nanoTime(), "padding", padding);
  }

  private void delete() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Connection.of(settings))) {
      admin.deleteTopics(List.of(settings.topic(), settings.deadLetterTopic())).all().get();
    }
  }

  public static void main(String[] arguments) {
    int seconds = Arguments.number(List.of(arguments), "--seconds", 30);
    Program.run(
        settings -> {
          BenchReport report = new Bench(apart(settings), seconds).run();
          System.out.println(report.text());
          return report.holds();
        });
  }
}
