package bridge;

import static bridge.Ends.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bridge between a real broker and a real queue. */
class BridgeTest {
  private Ends ends;

  @BeforeEach
  void openEnds() throws Exception {
    ends = Ends.open();
  }

  @AfterEach
  void closeEnds() throws Exception {
    ends.delete();
  }

  /** A bridge in a thread, as the process would run it. */
  private static final class Running {
    private final StopSignal stop = new StopSignal();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<?> bridge;

    Running(Settings settings) {
      Heartbeat heartbeat = new Heartbeat(Duration.ofMinutes(1));
      bridge =
          thread.submit(
              () -> {
                new Bridge(settings, stop, heartbeat).run();
                return null;
              });
    }

    void stop() throws Exception {
      stop.request();
      bridge.get(30, TimeUnit.SECONDS);
      thread.shutdown();
    }
  }

  private List<String> bridge(int count) throws Exception {
    Running running = new Running(ends.settings);
    try {
      return ends.take(count);
    } finally {
      running.stop();
    }
  }

  @Test
  void eachRecordBecomesOneJobWithTheSameBody() throws Exception {
    List<String> bodies =
        IntStream.range(10, 35).mapToObj(n -> "{\"n\": " + n + ", \"name\": \"é\"}").toList();
    ends.produce(bodies.toArray(String[]::new));
    assertEquals(bodies, bridge(25));
  }

  @Test
  void aBridgeGoesOnWhereTheLastOneStopped() throws Exception {
    ends.produce("1", "2");
    assertEquals(List.of("1", "2"), bridge(2));
    ends.produce("3");
    assertEquals(List.of("3"), bridge(1));
  }

  @Test
  void whatSqsNeverTakesIsSetAsideUnchangedWithTheReason() throws Exception {
    byte[] large = new byte[Unsendable.MAX_BYTES + 1];
    Arrays.fill(large, (byte) 'x');
    List<byte[]> never =
        Arrays.asList(new byte[] {(byte) 0xff}, new byte[0], null, bytes("a\0b"), large);
    ends.produce(never.toArray(byte[][]::new));
    ends.produce("fine");
    assertEquals(List.of("fine"), bridge(1));
    List<String> reasons = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> raw : ends.setAside()) {
      assertArrayEquals(never.get(reasons.size()), raw.value());
      assertArrayEquals(bytes("k"), raw.key());
      assertEquals("1", header(raw, "trace"));
      assertEquals(ends.settings.bridgeGroup(), header(raw, "dead-letter-consumer-group"));
      reasons.add(header(raw, "dead-letter-reason"));
    }
    assertEquals(
        List.of(
            "SQS takes text in UTF-8 without control characters",
            "SQS takes no empty message",
            "SQS takes no empty message",
            "SQS takes text in UTF-8 without control characters",
            "1048577 bytes are more than SQS takes"),
        reasons);
  }

  private static String header(ConsumerRecord<byte[], byte[]> raw, String name) {
    return new String(raw.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void whileSqsTakesNothingNothingIsCommittedAndThePartitionsAreKept() throws Exception {
    Running running = new Running(ends.settings);
    try {
      ends.produce("0");
      assertEquals(List.of("0"), ends.take(1));
      ends.deleteQueue();
      ends.produce("1", "2");
      Thread.sleep(3L * ends.settings.sessionTimeoutMs() / 2);
      ends.createQueue();
      assertEquals(List.of("1", "2"), ends.take(2));
      ends.deleteQueue();
      ends.produce("3");
      Thread.sleep(1_000);
    } finally {
      running.stop();
    }
    ends.createQueue();
    assertEquals(List.of("3"), bridge(1));
  }

  @Test
  void aQueueOrATopicThatIsMissingIsNamed() {
    Settings noQueue = TestSettings.fresh(Map.of("QUEUE_NAME", "nowhere"));
    StopSignal stop = new StopSignal();
    MissingException queue =
        assertThrows(
            MissingException.class,
            () -> new Bridge(noQueue, stop, new Heartbeat(Duration.ofMinutes(1))));
    assertEquals("no such queue: nowhere (make queues, in the SQS project)", queue.getMessage());
    Settings noTopic = TestSettings.fresh(Map.of("TOPIC", "nowhere", "DEAD_LETTER_TOPIC", "none"));
    MissingException topic = assertThrows(MissingException.class, () -> Topics.require(noTopic));
    assertEquals(
        "no such topic: none, nowhere (make topics, in the Kafka project)", topic.getMessage());
  }
}
