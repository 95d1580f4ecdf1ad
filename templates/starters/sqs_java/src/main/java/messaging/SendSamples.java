package messaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends sample messages, or with --stdin the lines it is given; fails if one was not taken. */
public final class SendSamples {
  private static final Logger log = LoggerFactory.getLogger(SendSamples.class);
  private static final int COUNT = 10;

  private SendSamples() {}

  record Line(Object body, String group, String deduplicationId, int delaySeconds) {}

  /** No two runs alike: content-based de-duplication would drop the second. */
  static Stream<Line> samples(int count) {
    String now = Instant.now().toString();
    return IntStream.range(0, count)
        .mapToObj(n -> new Line(Map.of("sequence", n, "sent_at", now), "group-" + n % 5, null, 0));
  }

  private static Stream<Line> lines(List<String> arguments) {
    if (arguments.contains("--stdin")) {
      return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
          .lines()
          .map(SendSamples::parse);
    }
    return samples(Arguments.number(arguments, "--count", COUNT));
  }

  /**
   * {"body": ..., "group": ..., "deduplication_id": ..., "delay_seconds": ...}, the last three as
   * needed.
   */
  private static Line parse(String text) {
    try {
      JsonNode line = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      return new Line(
          line.required("body"),
          line.path("group").asText("default"),
          line.path("deduplication_id").textValue(),
          line.path("delay_seconds").asInt(0));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  public static void main(String[] arguments) {
    List<String> given = List.of(arguments);
    Program.run(
        settings -> {
          long sent = 0;
          try (Producer producer = new Producer(settings)) {
            for (Line line : (Iterable<Line>) lines(given)::iterator) {
              producer.send(line.body(), line.group(), line.deduplicationId(), line.delaySeconds());
              sent++;
            }
          }
          log.atInfo().addKeyValue("messages", sent).log("sent");
          return true;
        });
  }
}
