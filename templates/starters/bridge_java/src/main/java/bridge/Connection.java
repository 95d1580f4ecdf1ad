package bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** How to reach the brokers. Secrets come from the environment, never from settings.json. */
final class Connection {
  private static final String LOGIN_MODULES = "org.apache.kafka.common.security.";
  private static final String MSK_IAM = "software.amazon.msk.auth.iam.";

  private Connection() {}

  static Map<String, Object> of(Settings settings) {
    return of(settings, System.getenv());
  }

  /** What every Kafka client of this project shares. */
  static Map<String, Object> of(Settings settings, Map<String, String> secrets) {
    Map<String, Object> config = new HashMap<>();
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, settings.securityProtocol());
    if (settings.securityProtocol().endsWith("SSL")) {
      addCertificates(config, secrets);
    }
    settings.saslMechanism().ifPresent(mechanism -> addLogin(config, mechanism, secrets));
    return config;
  }

  /** PEM files. Without SSL_CAFILE the JVM's own trust store says whom to believe. */
  private static void addCertificates(Map<String, Object> config, Map<String, String> secrets) {
    if (isGiven(secrets, "SSL_CAFILE")) {
      config.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      config.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, read("SSL_CAFILE", secrets));
    }
    if (isGiven(secrets, "SSL_CERTFILE") != isGiven(secrets, "SSL_KEYFILE")) {
      throw new MissingException("SSL_CERTFILE and SSL_KEYFILE go together: set both, or neither");
    }
    if (isGiven(secrets, "SSL_CERTFILE")) {
      config.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
      config.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, read("SSL_CERTFILE", secrets));
      config.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, read("SSL_KEYFILE", secrets));
    }
  }

  private static boolean isGiven(Map<String, String> secrets, String name) {
    return !secrets.getOrDefault(name, "").isEmpty();
  }

  private static void addLogin(
      Map<String, Object> config, String mechanism, Map<String, String> secrets) {
    config.put(SaslConfigs.SASL_MECHANISM, mechanism);
    config.put(
        SaslConfigs.SASL_JAAS_CONFIG,
        switch (mechanism) {
          case "PLAIN" ->
              LOGIN_MODULES + "plain.PlainLoginModule" + credentials(mechanism, secrets);
          case "SCRAM-SHA-512" ->
              LOGIN_MODULES + "scram.ScramLoginModule" + credentials(mechanism, secrets);
          default ->
              MSK_IAM + "IAMLoginModule required;"; // signs with the machine's AWS credentials
        });
    if (mechanism.equals("AWS_MSK_IAM")) {
      config.put(
          SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, MSK_IAM + "IAMClientCallbackHandler");
    }
  }

  private static String credentials(String mechanism, Map<String, String> secrets) {
    if (!isGiven(secrets, "SASL_USERNAME") || !isGiven(secrets, "SASL_PASSWORD")) {
      throw new MissingException(
          mechanism + " needs SASL_USERNAME and SASL_PASSWORD in the environment");
    }
    String username = quote(secrets.get("SASL_USERNAME"));
    String password = quote(secrets.get("SASL_PASSWORD"));
    return " required username=" + username + " password=" + password + ";";
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String read(String name, Map<String, String> secrets) {
    String file = secrets.get(name);
    try {
      return Files.readString(Path.of(file));
    } catch (IOException error) {
      throw new MissingException(
          "%s: %s cannot be used (%s); name PEM files that this process may read"
              .formatted(name, file, error.getClass().getSimpleName()));
    }
  }
}
