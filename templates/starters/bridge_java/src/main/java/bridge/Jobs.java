package bridge;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Records as jobs: sent in batches, several at a time. */
final class Jobs implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Jobs.class);
  private static final int MAX_ENTRIES = 10; // docs.aws.amazon.com, "Amazon SQS message quotas"
  private static final int SENDERS = 8;
  private static final int ATTEMPTS = 3;

  private final SqsClient sqs;
  private final String url;
  private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);

  private Jobs(SqsClient sqs, String url) {
    this.sqs = sqs;
    this.url = url;
  }

  static Jobs open(Settings settings) {
    SqsClient sqs = client(settings);
    String name = settings.queueName();
    try {
      return new Jobs(sqs, sqs.getQueueUrl(request -> request.queueName(name)).queueUrl());
    } catch (QueueDoesNotExistException error) {
      throw new MissingException("no such queue: " + name + " (make queues, in the SQS project)");
    }
  }

  static SqsClient client(Settings settings) {
    SqsClientBuilder builder = SqsClient.builder().region(Region.of(settings.region()));
    settings.endpointUrl().ifPresent(url -> addEndpoint(builder, url));
    return builder
        .overrideConfiguration(
            config ->
                config.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .build()))
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(5))
                .socketTimeout(Duration.ofSeconds(10))
                .maxConnections(SENDERS))
        .build();
  }

  private static void addEndpoint(SqsClientBuilder builder, String url) {
    builder.endpointOverride(URI.create(url));
    if (url.startsWith("http://")) {
      // Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
      builder.credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    }
  }

  /**
   * Of what was sent: those to be tried again, and with their reasons those that SQS will never
   * take.
   */
  record Outcome(
      Set<ConsumerRecord<byte[], byte[]>> left, Map<ConsumerRecord<byte[], byte[]>, String> never) {
    Outcome() {
      this(ConcurrentHashMap.newKeySet(), new ConcurrentHashMap<>());
    }
  }

  Outcome send(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
    Outcome outcome = new Outcome();
    List<Callable<Void>> calls = new ArrayList<>();
    for (List<ConsumerRecord<byte[], byte[]>> batch : batches(records)) {
      calls.add(
          () -> {
            sendBatch(batch, outcome);
            return null;
          });
    }
    for (Future<Void> answer : senders.invokeAll(calls)) {
      try {
        answer.get();
      } catch (ExecutionException error) {
        throw new IllegalStateException("a batch could not be sent", error);
      }
    }
    return outcome;
  }

  private void sendBatch(List<ConsumerRecord<byte[], byte[]>> batch, Outcome outcome) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> raw : batch) {
      String id = Integer.toString(entries.size());
      entries.add(
          SendMessageBatchRequestEntry.builder().id(id).messageBody(body(raw.value())).build());
    }
    try {
      List<BatchResultErrorEntry> failed =
          sqs.sendMessageBatch(request -> request.queueUrl(url).entries(entries)).failed();
      for (BatchResultErrorEntry each : failed) {
        sort(batch.get(Integer.parseInt(each.id())), each, outcome);
      }
      Metrics.count("sent", batch.size() - failed.size());
    } catch (SdkException error) {
      log.atWarn()
          .addKeyValue("jobs", batch.size())
          .addKeyValue("error", error.toString())
          .log("not sent, will be tried again");
      outcome.left().addAll(batch);
    }
  }

  private static void sort(
      ConsumerRecord<byte[], byte[]> raw, BatchResultErrorEntry why, Outcome outcome) {
    if (why.senderFault()) { // as above the queue's own MaximumMessageSize
      outcome.never().put(raw, "SQS refused it: " + why.code() + ": " + why.message());
      return;
    }
    outcome.left().add(raw);
    log.atWarn()
        .addKeyValue("code", why.code())
        .addKeyValue("reason", why.message())
        .log("not sent, will be tried again");
  }

  /** This is the method to edit where a job is not the record as it is. */
  private static String body(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  private static List<List<ConsumerRecord<byte[], byte[]>>> batches(
      List<ConsumerRecord<byte[], byte[]>> records) {
    List<List<ConsumerRecord<byte[], byte[]>>> batches = new ArrayList<>();
    int bytes = 0;
    for (ConsumerRecord<byte[], byte[]> raw : records) {
      bytes += raw.value().length;
      boolean isFull =
          batches.isEmpty()
              || batches.get(batches.size() - 1).size() == MAX_ENTRIES
              || bytes > Unsendable.MAX_BYTES;
      if (isFull) {
        batches.add(new ArrayList<>());
        bytes = raw.value().length;
      }
      batches.get(batches.size() - 1).add(raw);
    }
    return batches;
  }

  @Override
  public void close() {
    senders.shutdown();
    sqs.close();
  }
}
