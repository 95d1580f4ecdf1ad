package messaging;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client takes each way to sign in; that a cluster does too is for you to see. */
class ConnectionTest {
  private static final Map<String, String> SECRETS =
      Map.of("SASL_USERNAME", "me", "SASL_PASSWORD", "quote \" and back \\ slash");

  private static Settings settings(String mechanism) {
    return TestSettings.fresh(
        Map.of(
            "BOOTSTRAP_SERVERS", "127.0.0.1:1",
            "SECURITY_PROTOCOL", "SASL_SSL",
            "SASL_MECHANISM", mechanism));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAIN", "SCRAM-SHA-512", "AWS_MSK_IAM"})
  void aClientCanBeMade(String mechanism) {
    Map<String, Object> config = Connection.of(settings(mechanism), SECRETS);
    assertDoesNotThrow(() -> Admin.create(config).close(Duration.ZERO));
  }

  @Test
  void aPasswordIsQuoted() {
    String login = (String) Connection.of(settings("PLAIN"), SECRETS).get("sasl.jaas.config");
    assertTrue(login.endsWith("password=\"quote \\\" and back \\\\ slash\";"), login);
  }

  @Test
  void secretsStayAwayFromAConnectionThatNeedsNone() {
    Map<String, Object> config =
        Connection.of(TestSettings.fresh(Map.of("SECURITY_PROTOCOL", "PLAINTEXT")), SECRETS);
    assertFalse(config.containsKey("sasl.jaas.config"));
  }
}
