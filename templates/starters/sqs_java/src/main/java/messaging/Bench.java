package messaging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Does a server bear what was assumed? Sends at the assumed rate and size, consumes it all, and
 * compares. In queues of its own (and a topic, if there is one), which it deletes again. Ends with
 * 0 if the assumptions hold, else with 1.
 */
public final class Bench {
  private static final int GROUPS = 100;
  private static final int TICK_MS = 100; // what is due within one tick goes out together
  // Messages a second: one call of ten takes some ten milliseconds, and more where order is kept.
  private static final int PER_SENDER = 100;
  private static final int MAX_SENDERS = 32;
  private static final double SETTLING_SECONDS =
      0.5; // the last tick does not count against the rate
  private static final int FRAME = 48; // what JSON and the time take of the assumed size

  private final Settings settings;
  private final int seconds;
  private final Seen seen = new Seen();

  private Bench(Settings settings, int seconds) {
    this.settings = settings;
    this.seconds = seconds;
  }

  /**
   * Short polls, so that stopping takes no long one; no delay, since that is no latency of the
   * server.
   */
  private static Settings apart(Settings settings) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("QUEUE_NAME", suffixed(settings.queueName()));
    environment.put("DEAD_LETTER_QUEUE_NAME", suffixed(settings.deadLetterQueueName()));
    environment.put("TOPIC_NAME", settings.topicName().map(Bench::suffixed).orElse(""));
    environment.put("DELAY_SECONDS", "0");
    environment.put("WAIT_TIME_SECONDS", Integer.toString(Math.min(2, settings.waitTimeSeconds())));
    return Settings.load(Settings.FILE, environment);
  }

  private static String suffixed(String name) {
    return name.endsWith(".fifo") ? name.replaceAll("\\.fifo$", "-bench.fifo") : name + "-bench";
  }

  private BenchReport run() throws Exception {
    Queues.create(settings);
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

  private Void consume(StopSignal stop) throws ExecutionException, InterruptedException {
    new Consumer(settings, seen, stop, Consumer.heartbeat(settings)).run();
    return null;
  }

  private BenchReport measure() throws ExecutionException, InterruptedException {
    try (Producer first = new Producer(settings)) {
      first.send(body(), "first", null);
    }
    if (!seen.waitFor(1)) {
      throw new IllegalStateException("the first message did not come through");
    }
    seen.forget();
    long started = System.nanoTime();
    int sent = sendAll();
    double took = (System.nanoTime() - started) / 1e9;
    int waiting = sent - seen.count();
    seen.waitFor(sent);
    return new BenchReport(
        settings, sent, Math.max(seconds, took - SETTLING_SECONDS), waiting, seen.latenciesMs());
  }

  private int sendAll() throws ExecutionException, InterruptedException {
    int total = Math.max(1, settings.assumedMessagesPerSecond() * seconds);
    int senders =
        Math.max(1, Math.min(MAX_SENDERS, settings.assumedMessagesPerSecond() / PER_SENDER));
    ExecutorService pool = Executors.newFixedThreadPool(senders);
    List<Future<Integer>> shares = new ArrayList<>();
    for (int number = 0; number < senders; number++) {
      int sender = number;
      int share = total / senders + (number < total % senders ? 1 : 0);
      shares.add(pool.submit(() -> send(sender, share, senders)));
    }
    pool.shutdown();
    int sent = 0;
    for (Future<Integer> share : shares) {
      sent += share.get();
    }
    return sent;
  }

  /** One sender's share, as many as are due by now, tick by tick. */
  private int send(int sender, int share, int senders) throws InterruptedException {
    Pace pace = new Pace(share, seconds);
    int sent = 0;
    try (Producer producer = new Producer(settings)) {
      while (pace.goesOn(sent)) {
        for (int due = pace.due(sent); due > 0; due--) {
          producer.send(body(), "group-" + sender + "-" + sent % GROUPS, null);
          sent++;
        }
        producer.flush();
        if (sender == 0) {
          pace.show((long) sent * senders);
        }
        Thread.sleep(TICK_MS);
      }
    }
    return sent;
  }

  private Map<String, Object> body() {
    String padding = "x".repeat(Math.max(0, settings.assumedMessageBytes() - FRAME));
    return Map.of("sent_at", System.nanoTime(), "padding", padding);
  }

  private void delete() {
    try (SqsClient sqs = Clients.sqs(settings);
        SnsClient sns = Clients.sns(settings)) {
      Queue queue = Queue.named(sqs, settings.queueName());
      settings
          .topicName()
          .ifPresent(name -> sns.deleteTopic(request -> request.topicArn(Topic.arn(name, queue))));
      for (String name : List.of(settings.queueName(), settings.deadLetterQueueName())) {
        String url = Queue.named(sqs, name).url();
        sqs.deleteQueue(request -> request.queueUrl(url));
      }
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
