package messaging;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the workload decided: settings.json, each key overridable by the environment variable of its
 * upper-cased name. With DEPLOYED=true the keys under "deployed" stand in for those of local work.
 * AWS credentials are not settings: the SDK finds them where it always does.
 */
public record Settings(
    String queueName,
    String deadLetterQueueName,
    String region,
    Optional<String> endpointUrl,
    boolean fifo,
    int visibilityTimeoutSeconds,
    int messageRetentionSeconds,
    int deadLetterRetentionSeconds,
    int waitTimeSeconds,
    int batchSize,
    int maxReceiveCount,
    int delaySeconds,
    int maxMessageBytes,
    boolean contentBasedDeduplication,
    boolean highThroughputFifo,
    int workerCount,
    Optional<String> topicName,
    int healthPort,
    int assumedMessagesPerSecond,
    int assumedMessageBytes,
    int assumedLatencyMs) {

  static final Path FILE = Path.of("settings.json");

  private static final Pattern STANDARD_NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
  private static final Pattern FIFO_NAME = Pattern.compile("(?=.{1,80}$)[A-Za-z0-9_-]+\\.fifo");
  private static final Pattern STANDARD_TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,256}");
  private static final Pattern FIFO_TOPIC = Pattern.compile("(?=.{1,256}$)[A-Za-z0-9_-]+\\.fifo");

  public static Settings load() {
    return load(FILE, System.getenv());
  }

  static Settings load(Path file, Map<String, String> environment) {
    Settings settings = new SettingsReader(file, environment).read(Settings.class);
    List<String> problems =
        settings.claims().filter(claim -> !claim.holds()).map(Claim::problem).toList();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  /** Something that must be true of the settings, and what to say when it is not. */
  /**
   * By how much every message is delayed: only a standard queue that is sent to directly delays
   * each by what is asked.
   */
  int queueDelaySeconds() {
    return fifo || topicName.isPresent() ? delaySeconds : 0;
  }

  /** The most that may be asked for one message. */
  int messageDelaySecondsMax() {
    return delaySeconds - queueDelaySeconds();
  }

  private record Claim(boolean holds, String problem) {}

  private Stream<Claim> claims() {
    return Stream.of(names(), bounds(), assumptions(), others()).flatMap(claims -> claims);
  }

  private Stream<Claim> names() {
    String shape = fifo ? "ending in .fifo" : "without .fifo";
    Pattern queue = fifo ? FIFO_NAME : STANDARD_NAME;
    Pattern topic = fifo ? FIFO_TOPIC : STANDARD_TOPIC;
    return Stream.of(
        new Claim(
            queue.matcher(queueName).matches(),
            "queue_name: '" + queueName + "' is not a queue name " + shape),
        new Claim(
            queue.matcher(deadLetterQueueName).matches(),
            "dead_letter_queue_name: '" + deadLetterQueueName + "' is not a queue name " + shape),
        new Claim(
            !queueName.equals(deadLetterQueueName),
            "dead_letter_queue_name: must differ from queue_name"),
        new Claim(
            topicName.map(name -> topic.matcher(name).matches()).orElse(true),
            "topic_name: '" + topicName.orElse("") + "' is not a topic name " + shape));
  }

  /**
   * What SQS accepts:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
   * and .../API_ReceiveMessage.html
   */
  private Stream<Claim> bounds() {
    return Stream.of(
        between("visibility_timeout_seconds", 1, visibilityTimeoutSeconds, 43_200),
        between("message_retention_seconds", 60, messageRetentionSeconds, 1_209_600),
        between("dead_letter_retention_seconds", 60, deadLetterRetentionSeconds, 1_209_600),
        between("wait_time_seconds", 0, waitTimeSeconds, 20),
        between("batch_size", 1, batchSize, 10),
        between("max_receive_count", 1, maxReceiveCount, 1_000),
        between("delay_seconds", 0, delaySeconds, 900),
        between("max_message_bytes", 1_024, maxMessageBytes, 1_048_576),
        between("worker_count", 1, workerCount, 1_000),
        between("health_port", 0, healthPort, 65_535));
  }

  private Stream<Claim> assumptions() {
    return Stream.of(
        between("assumed_messages_per_second", 1, assumedMessagesPerSecond, 1_000_000_000),
        between("assumed_message_bytes", 1, assumedMessageBytes, 1_048_576),
        between("assumed_latency_ms", 1, assumedLatencyMs, 1_000_000_000));
  }

  private static Claim between(String key, int low, int value, int high) {
    return new Claim(
        low <= value && value <= high, key + ": must be between " + low + " and " + high);
  }

  private Stream<Claim> others() {
    return Stream.of(
        new Claim(
            fifo || !(contentBasedDeduplication || highThroughputFifo),
            "content_based_deduplication, high_throughput_fifo: for FIFO queues only"),
        new Claim(
            messageRetentionSeconds <= deadLetterRetentionSeconds,
            "dead_letter_retention_seconds: below message_retention_seconds (the age counts from"
                + " the first sending)"),
        new Claim(
            endpointUrl.map(url -> url.matches("https?://.*")).orElse(true),
            "endpoint_url: must be a URL, or null for AWS"));
  }
}
