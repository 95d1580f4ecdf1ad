package messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** /healthz says whether the consumer polled lately, and what was counted. */
class HealthTest {

  private static HttpResponse<String> ask(Heartbeat heartbeat, String path) throws Exception {
    int port = freePort();
    Health health = Health.serve(port, heartbeat);
    try (health) {
      URI address = URI.create("http://127.0.0.1:" + port + path);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  @Test
  void aConsumerThatPollsIsWellAndTellsItsCounts() throws Exception {
    Metrics.count("handled", 3);
    HttpResponse<String> answer = ask(new Heartbeat(Duration.ofMinutes(1)), "/healthz");
    assertEquals(200, answer.statusCode());
    assertEquals("ok", Json.MAPPER.readTree(answer.body()).get("status").textValue());
    assertTrue(Json.MAPPER.readTree(answer.body()).at("/counts/handled").intValue() >= 3);
  }

  @Test
  void aConsumerThatHasNotPolledForTooLongIsStuck() throws Exception {
    HttpResponse<String> answer = ask(new Heartbeat(Duration.ZERO), "/healthz");
    assertEquals(503, answer.statusCode());
  }

  @Test
  void thereIsNothingElseToRead() throws Exception {
    assertEquals(404, ask(new Heartbeat(Duration.ofMinutes(1)), "/settings.json").statusCode());
  }
}
