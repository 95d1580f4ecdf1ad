package messaging;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Produces records: every delivery is checked, and what did not arrive is told once, by the next
 * call. Safe for use by several threads; a failure is told to the one that calls next.
 */
public final class Producer implements AutoCloseable {

  /** A record that was not confirmed. */
  public record Lost(String key, Exception error) {}

  /** The broker did not confirm these records; they may be lost. */
  public static final class DeliveryFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Lost> lost;

    DeliveryFailed(String topic, List<Lost> lost) {
      super(
          "%d records for %s, first: key %s, %s"
              .formatted(lost.size(), topic, lost.get(0).key(), lost.get(0).error()),
          lost.get(0).error());
      this.lost = lost;
    }

    public List<Lost> lost() {
      return lost;
    }
  }

  private static final int BUFFER_BYTES = 32 * 1_048_576; // as the client has it

  private final String topic;
  private final KafkaProducer<byte[], byte[]> kafka;
  private final Queue<Lost> lost = new ConcurrentLinkedQueue<>();

  public Producer(Settings settings) {
    this.topic = settings.topic();
    this.kafka =
        new KafkaProducer<>(config(settings), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Map<String, Object> config(Settings settings) {
    Map<String, Object> config = Connection.of(settings);
    config.put(ProducerConfig.ACKS_CONFIG, settings.acks());
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, settings.enableIdempotence());
    config.put(ProducerConfig.LINGER_MS_CONFIG, settings.lingerMs());
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compressionType());
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxRecordBytes());
    config.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(BUFFER_BYTES, settings.maxRecordBytes()));
    return config;
  }

  /**
   * Hands over one record, its value as JSON; records with the same key keep their order. Where an
   * earlier one was lost that is thrown instead, once, and this one is not handed over.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // confirm() is told what the future would tell
  public void send(String key, Object value) {
    throwLost();
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    kafka.send(
        new ProducerRecord<>(topic, keyBytes, Json.write(value)),
        (place, failure) -> confirm(key, failure));
  }

  /**
   * Waits until all that was handed over is confirmed, and throws what was not. Call it before you
   * rely on it. The client's own flush() never throws that: only the callbacks know.
   */
  public void flush() {
    kafka.flush();
    throwLost();
  }

  /** Flushes, and disconnects. */
  @Override
  public void close() {
    kafka.flush();
    kafka.close();
    throwLost();
  }

  private void confirm(String key, Exception failure) {
    if (failure == null) {
      Metrics.count("sent", 1);
    } else {
      lost.add(new Lost(key, failure));
    }
  }

  /** Once: a producer that lives long must not refuse what comes later. */
  private void throwLost() {
    List<Lost> taken = Stream.generate(lost::poll).takeWhile(Objects::nonNull).toList();
    if (!taken.isEmpty()) {
      throw new DeliveryFailed(topic, taken);
    }
  }
}
