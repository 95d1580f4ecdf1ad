package bridge;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Sets records aside that SQS will never take: unchanged, with the reason and their origin in the
 * headers.
 */
final class DeadLetters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final int MAX_BYTES = 32 * 1_048_576; // as much as the client buffers

  private final String topic;
  private final String group;
  private final KafkaProducer<byte[], byte[]> kafka;

  DeadLetters(Settings settings) {
    this.topic = settings.deadLetterTopic();
    this.group = settings.bridgeGroup();
    Map<String, Object> config = Connection.of(settings);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    // What came compressed may be more than the client, and then a broker, takes otherwise.
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_BYTES);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    this.kafka = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Returns only when the broker has confirmed: the caller commits the original next. */
  void add(ConsumerRecord<byte[], byte[]> raw, String reason) {
    Map<String, String> origin = origin(raw, reason);
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(topic, null, raw.key(), raw.value(), raw.headers());
    origin.forEach(
        (name, value) -> copy.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    try {
      kafka.send(copy).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("the dead-letter topic did not take a record", failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while setting a record aside", failure);
    }
    Metrics.count("dead_lettered", 1);
    LoggingEventBuilder line = log.atError();
    for (Map.Entry<String, String> each : origin.entrySet()) {
      line = line.addKeyValue(each.getKey(), each.getValue());
    }
    line.log("set aside");
  }

  private Map<String, String> origin(ConsumerRecord<byte[], byte[]> raw, String reason) {
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("dead-letter-reason", reason);
    origin.put("dead-letter-attempts", "1");
    origin.put("dead-letter-topic", raw.topic());
    origin.put("dead-letter-partition", Integer.toString(raw.partition()));
    origin.put("dead-letter-offset", Long.toString(raw.offset()));
    origin.put("dead-letter-consumer-group", group);
    return origin;
  }

  @Override
  public void close() {
    kafka.close(Duration.ofSeconds(5)); // with what could not be set aside it would wait for long
  }
}
