package messaging;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the workload decided: settings.json, each key overridable by the environment variable of its
 * upper-cased name. With DEPLOYED=true the keys under "deployed" stand in for those of local work.
 * Secrets are not settings: Connection takes them from the environment only.
 */
public record Settings(
    String bootstrapServers,
    String topic,
    String deadLetterTopic,
    int partitions,
    int deadLetterPartitions,
    int replicationFactor,
    int minInsyncReplicas,
    String cleanupPolicy,
    long retentionMs,
    long deadLetterRetentionMs,
    int maxRecordBytes,
    int deadLetterMaxRecordBytes,
    String consumerGroup,
    String acks,
    boolean enableIdempotence,
    int lingerMs,
    String compressionType,
    int maxPollRecords,
    int maxPollIntervalMs,
    int maxAttempts,
    int retryBackoffMs,
    String securityProtocol,
    Optional<String> saslMechanism,
    int healthPort,
    int assumedMessagesPerSecond,
    int assumedMessageBytes,
    int assumedLatencyMs,
    int sessionTimeoutMs) {

  static final Path FILE = Path.of("settings.json");

  // How long a consumer that died keeps its partitions. Not decided by the workload: Kafka's own
  // value.
  private static final int SESSION_TIMEOUT_MS = 45_000;
  private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Set<String> POLICIES = Set.of("delete", "compact", "compact,delete");
  private static final Set<String> PROTOCOLS =
      Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
  private static final Set<String> MECHANISMS = Set.of("PLAIN", "SCRAM-SHA-512", "AWS_MSK_IAM");

  public static Settings load() {
    return load(FILE, System.getenv());
  }

  static Settings load(Path file, Map<String, String> environment) {
    Settings settings =
        new SettingsReader(file, environment)
            .withDefault("session_timeout_ms", SESSION_TIMEOUT_MS)
            .read(Settings.class);
    List<String> problems =
        settings.claims().filter(claim -> !claim.holds()).map(Claim::problem).toList();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return settings;
  }

  /** Something that must be true of the settings, and what to say when it is not. */
  private record Claim(boolean holds, String problem) {}

  private Stream<Claim> claims() {
    return Stream.of(names(), amounts(), producing(), signingIn()).flatMap(claims -> claims);
  }

  private Stream<Claim> names() {
    return Stream.of(
        new Claim(!bootstrapServers.isEmpty(), "bootstrap_servers: must not be empty"),
        topicName(topic),
        topicName(deadLetterTopic),
        new Claim(!topic.equals(deadLetterTopic), "dead_letter_topic: must differ from topic"),
        new Claim(!consumerGroup.isEmpty(), "consumer_group: must have a name"));
  }

  private static Claim topicName(String name) {
    boolean holds = TOPIC_NAME.matcher(name).matches() && !Set.of(".", "..").contains(name);
    return new Claim(holds, "'" + name + "' is not a topic name");
  }

  private Stream<Claim> amounts() {
    double pausesMs = retryBackoffMs * (Math.pow(2, maxAttempts - 1) - 1); // a long would overflow
    return Stream.of(
        atLeastOne("partitions", partitions),
        atLeastOne("dead_letter_partitions", deadLetterPartitions),
        atLeastOne("replication_factor", replicationFactor),
        atLeastOne("max_record_bytes", maxRecordBytes),
        atLeastOne("max_poll_records", maxPollRecords),
        atLeastOne("max_attempts", maxAttempts),
        atLeastOne("assumed_messages_per_second", assumedMessagesPerSecond),
        atLeastOne("assumed_message_bytes", assumedMessageBytes),
        atLeastOne("assumed_latency_ms", assumedLatencyMs),
        new Claim(
            POLICIES.contains(cleanupPolicy),
            "cleanup_policy: must be delete, compact or compact,delete"),
        new Claim(retentionMs >= -1, "retention_ms: must be a duration, or -1 for ever"),
        new Claim(
            deadLetterRetentionMs >= -1,
            "dead_letter_retention_ms: must be a duration, or -1 for ever"),
        new Claim(
            Math.min(lingerMs, retryBackoffMs) >= 0,
            "linger_ms, retry_backoff_ms: must not be negative"),
        new Claim(
            minInsyncReplicas >= 0 && minInsyncReplicas <= replicationFactor,
            "min_insync_replicas: must be between 0, which leaves it to the cluster, and"
                + " replication_factor"),
        new Claim(
            deadLetterMaxRecordBytes >= maxRecordBytes,
            "dead_letter_max_record_bytes: below max_record_bytes"),
        new Claim(
            healthPort >= 0 && healthPort <= 65_535, "health_port: must be between 0 and 65535"),
        new Claim(
            pausesMs <= maxPollIntervalMs / 2.0,
            "retry_backoff_ms: the pauses add up to "
                + (long) pausesMs
                + " ms, more than half of max_poll_interval_ms"));
  }

  private static Claim atLeastOne(String key, int value) {
    return new Claim(value >= 1, key + ": must be at least 1");
  }

  private Stream<Claim> producing() {
    return Stream.of(
        new Claim(Set.of("all", "1", "0").contains(acks), "acks: must be all, 1 or 0"),
        new Claim(
            acks.equals("all") || !enableIdempotence, "enable_idempotence: needs acks to be all"),
        new Claim(
            Set.of("gzip", "none").contains(compressionType),
            "compression_type: must be gzip or none"));
  }

  private Stream<Claim> signingIn() {
    return Stream.of(
        new Claim(
            PROTOCOLS.contains(securityProtocol),
            "security_protocol: must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"),
        new Claim(
            securityProtocol.startsWith("SASL") == saslMechanism.isPresent(),
            "sasl_mechanism: needed by the SASL protocols and by no other"),
        new Claim(
            saslMechanism.map(MECHANISMS::contains).orElse(true),
            "sasl_mechanism: must be PLAIN, SCRAM-SHA-512 or AWS_MSK_IAM"));
  }
}
