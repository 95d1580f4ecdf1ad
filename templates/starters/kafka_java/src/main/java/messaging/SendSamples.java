package messaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends sample records, or with --stdin the lines it is given; fails if one was not confirmed. */
public final class SendSamples {
  private static final Logger log = LoggerFactory.getLogger(SendSamples.class);
  private static final int COUNT = 10;

  private SendSamples() {}

  record Line(String key, Object value) {}

  static Stream<Line> samples(int count) {
    return IntStream.range(0, count).mapToObj(n -> new Line("key-" + n % 5, Map.of("sequence", n)));
  }

  /** Lines {"key": ..., "value": ...}. */
  private static Stream<Line> read(BufferedReader lines) {
    return lines.lines().map(SendSamples::parse);
  }

  private static Line parse(String text) {
    try {
      JsonNode line = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      return new Line(line.required("key").textValue(), line.required("value"));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  public static void main(String[] arguments) {
    List<String> given = List.of(arguments);
    Program.run(
        settings -> {
          Topics.require(settings, settings.topic());
          long sent = 0;
          try (Producer producer = new Producer(settings)) {
            for (Line line : (Iterable<Line>) lines(given)::iterator) {
              producer.send(line.key(), line.value());
              sent++;
            }
          }
          log.atInfo().addKeyValue("records", sent).log("sent");
          return true;
        });
  }

  private static Stream<Line> lines(List<String> arguments) {
    if (arguments.contains("--stdin")) {
      return read(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }
    return samples(Arguments.number(arguments, "--count", COUNT));
  }
}
