package bridge;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    String bridgeGroup,
    int maxPollRecords,
    int maxPollIntervalMs,
    String securityProtocol,
    Optional<String> saslMechanism,
    String queueName,
    String region,
    Optional<String> endpointUrl,
    int healthPort,
    int sessionTimeoutMs) {

  static final Path FILE = Path.of("settings.json");

  // How long a bridge that died keeps its partitions. Not decided by the workload: Kafka's own
  // value.
  private static final int SESSION_TIMEOUT_MS = 45_000;
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
    return Stream.of(names(), amounts(), signingIn()).flatMap(claims -> claims);
  }

  private Stream<Claim> names() {
    return Stream.of(
        new Claim(!bootstrapServers.isEmpty(), "bootstrap_servers: must not be empty"),
        new Claim(!topic.isEmpty(), "topic: must not be empty"),
        new Claim(!topic.equals(deadLetterTopic), "dead_letter_topic: must differ from topic"),
        new Claim(!bridgeGroup.isEmpty(), "bridge_group: must not be empty"),
        new Claim(!queueName.isEmpty(), "queue_name: must not be empty"),
        new Claim(
            !queueName.endsWith(".fifo"),
            "queue_name: the bridge keeps no order, so the queue is a standard one"),
        new Claim(
            endpointUrl.map(url -> url.matches("https?://.*")).orElse(true),
            "endpoint_url: must be a URL, or null for AWS"));
  }

  private Stream<Claim> amounts() {
    return Stream.of(
        new Claim(maxPollRecords >= 1, "max_poll_records: must be at least 1"),
        new Claim(maxPollIntervalMs >= 1, "max_poll_interval_ms: must be at least 1"),
        new Claim(sessionTimeoutMs >= 1, "session_timeout_ms: must be at least 1"),
        new Claim(
            healthPort >= 0 && healthPort <= 65_535, "health_port: must be between 0 and 65535"));
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
