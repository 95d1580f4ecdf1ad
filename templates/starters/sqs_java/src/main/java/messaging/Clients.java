package messaging;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The AWS clients of this project. */
final class Clients {
  private static final int ATTEMPTS = 5;

  private Clients() {}

  static SqsClient sqs(Settings settings) {
    return configured(SqsClient.builder(), settings).build();
  }

  static SnsClient sns(Settings settings) {
    return configured(SnsClient.builder(), settings).build();
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder, Settings settings) {
    settings.endpointUrl().ifPresent(url -> addEndpoint(builder, url));
    return builder
        .region(Region.of(settings.region()))
        .overrideConfiguration(
            config ->
                config.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .build()))
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(5))
                // A long poll is silent for its whole wait.
                .socketTimeout(Duration.ofSeconds(settings.waitTimeSeconds() + 10L))
                .maxConnections(2 * settings.workerCount() + 1));
  }

  private static <B extends AwsClientBuilder<B, C>, C> void addEndpoint(B builder, String url) {
    builder.endpointOverride(URI.create(url));
    if (url.startsWith("http://")) {
      // Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
      builder.credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    }
  }
}
