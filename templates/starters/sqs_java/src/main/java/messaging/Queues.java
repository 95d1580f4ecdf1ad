package messaging;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/**
 * Creates the queue and its dead-letter queue, or brings their attributes up to the settings; where
 * a topic is named, creates that too and subscribes the queue. Safe to run again.
 */
public final class Queues {
  private static final Logger log = LoggerFactory.getLogger(Queues.class);

  private Queues() {}

  static void create(Settings settings) {
    try (SqsClient sqs = Clients.sqs(settings)) {
      Map<QueueAttributeName, String> longest =
          Map.of(
              QueueAttributeName.MESSAGE_RETENTION_PERIOD,
              Integer.toString(settings.deadLetterRetentionSeconds()));
      Queue deadLetters = create(sqs, settings.deadLetterQueueName(), longest, settings);
      Queue queue =
          create(sqs, settings.queueName(), attributes(settings, deadLetters.arn()), settings);
      settings.topicName().ifPresent(topic -> Topic.create(topic, queue, settings));
    }
  }

  private static Map<QueueAttributeName, String> attributes(
      Settings settings, String deadLetterArn) {
    Map<String, Object> redrive =
        Map.of("deadLetterTargetArn", deadLetterArn, "maxReceiveCount", settings.maxReceiveCount());
    Map<QueueAttributeName, String> attributes =
        new HashMap<>(
            Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                    Integer.toString(settings.visibilityTimeoutSeconds()),
                QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                    Integer.toString(settings.messageRetentionSeconds()),
                QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS,
                    Integer.toString(settings.waitTimeSeconds()),
                QueueAttributeName.DELAY_SECONDS, Integer.toString(settings.queueDelaySeconds()),
                QueueAttributeName.REDRIVE_POLICY, Json.text(redrive)));
    if (settings.fifo()) {
      attributes.put(
          QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
          Boolean.toString(settings.contentBasedDeduplication()));
    }
    if (settings.highThroughputFifo()) {
      attributes.put(QueueAttributeName.DEDUPLICATION_SCOPE, "messageGroup");
      attributes.put(QueueAttributeName.FIFO_THROUGHPUT_LIMIT, "perMessageGroupId");
    }
    return attributes;
  }

  private static Queue create(
      SqsClient sqs, String name, Map<QueueAttributeName, String> attributes, Settings settings) {
    Map<QueueAttributeName, String> all = new HashMap<>(attributes);
    if (settings.fifo()) {
      all.put(QueueAttributeName.FIFO_QUEUE, "true");
    }
    try {
      String url = sqs.createQueue(request -> request.queueName(name).attributes(all)).queueUrl();
      log.atInfo().addKeyValue("queue", name).addKeyValue("attributes", attributes).log("there");
      return new Queue(sqs, url);
    } catch (QueueNameExistsException otherAttributes) {
      Queue queue = Queue.named(sqs, name);
      sqs.setQueueAttributes(request -> request.queueUrl(queue.url()).attributes(attributes));
      log.atWarn()
          .addKeyValue("queue", name)
          .addKeyValue("attributes", attributes)
          .log("attributes changed");
      return queue;
    }
  }

  public static void main(String[] arguments) {
    Program.run(
        settings -> {
          create(settings);
          return true;
        });
  }
}
