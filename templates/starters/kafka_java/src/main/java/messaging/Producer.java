package messaging;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Produces records: every delivery is checked, and close() reports what did not arrive. */
public final class Producer implements AutoCloseable {

  /** The broker did not confirm a record; it may be lost. */
  public static final class DeliveryFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeliveryFailed(int records, Exception first) {
      super(records + " records, first: " + first, first);
    }
  }

  private static final int BUFFER_BYTES = 32 * 1_048_576; // as the client has it

  private final String topic;
  private final KafkaProducer<byte[], byte[]> kafka;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicReference<Exception> firstFailure = new AtomicReference<>();

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

  /** Hands over one record, its value as JSON; records with the same key keep their order. */
  @SuppressWarnings("FutureReturnValueIgnored") // confirm() is told what the future would tell
  public void send(String key, Object value) {
    throwFailures();
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    kafka.send(new ProducerRecord<>(topic, keyBytes, Json.write(value)), this::confirm);
  }

  /** Waits for the last confirmation. flush() itself never throws: only the callbacks know. */
  @Override
  public void close() {
    kafka.flush();
    kafka.close();
    throwFailures();
  }

  private void confirm(RecordMetadata place, Exception failure) {
    if (failure == null) {
      Metrics.count("sent", 1);
    } else {
      failures.incrementAndGet();
      firstFailure.compareAndSet(null, failure);
    }
  }

  private void throwFailures() {
    Exception first = firstFailure.get();
    if (first != null) {
      throw new DeliveryFailed(failures.get(), first);
    }
  }
}
