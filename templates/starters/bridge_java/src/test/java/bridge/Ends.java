package bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Both ends of a bridge, of one test's own: a topic, its dead-letter topic and a queue. */
final class Ends {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Settings settings = TestSettings.fresh(Map.of());
  private final SqsClient sqs = Jobs.client(settings);
  private String url = "";

  static Ends open() throws Exception {
    Ends ends = new Ends();
    List<NewTopic> topics =
        List.of(
            new NewTopic(ends.settings.topic(), Optional.of(3), Optional.empty()),
            new NewTopic(ends.settings.deadLetterTopic(), Optional.of(1), Optional.empty()));
    try (Admin admin = Admin.create(Connection.of(ends.settings))) {
      admin.createTopics(topics).all().get();
    }
    ends.createQueue();
    return ends;
  }

  void createQueue() {
    url = sqs.createQueue(request -> request.queueName(settings.queueName())).queueUrl();
  }

  void deleteQueue() {
    sqs.deleteQueue(request -> request.queueUrl(url));
  }

  void produce(byte[]... values) throws Exception {
    Map<String, Object> config = Connection.of(settings);
    config.put("compression.type", "gzip");
    config.put("max.request.size", 3_000_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (byte[] value : values) {
        ProducerRecord<byte[], byte[]> raw =
            new ProducerRecord<>(settings.topic(), bytes("k"), value);
        raw.headers().add("trace", bytes("1"));
        producer.send(raw).get();
      }
    }
  }

  void produce(String... values) throws Exception {
    for (String value : values) {
      produce(bytes(value));
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** So many jobs from the queue, in the order of their text. */
  List<String> take(int count) {
    List<String> jobs = new ArrayList<>();
    long tooLate = System.nanoTime() + PATIENCE.toNanos();
    while (jobs.size() < count && System.nanoTime() < tooLate) {
      List<Message> messages =
          sqs.receiveMessage(
                  request -> request.queueUrl(url).maxNumberOfMessages(10).waitTimeSeconds(1))
              .messages();
      for (Message message : messages) {
        jobs.add(message.body());
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
    }
    assertEquals(count, jobs.size());
    return jobs.stream().sorted().toList();
  }

  List<ConsumerRecord<byte[], byte[]>> setAside() {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    List<TopicPartition> partition = List.of(new TopicPartition(settings.deadLetterTopic(), 0));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Connection.of(settings), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      long wanted = consumer.endOffsets(partition).get(partition.get(0));
      while (all.size() < wanted) {
        consumer.poll(Duration.ofSeconds(1)).forEach(all::add);
      }
    }
    return all;
  }

  void delete() throws Exception {
    deleteQueue();
    sqs.close();
    try (Admin admin = Admin.create(Connection.of(settings))) {
      admin.deleteTopics(List.of(settings.topic(), settings.deadLetterTopic())).all().get();
    }
  }
}
