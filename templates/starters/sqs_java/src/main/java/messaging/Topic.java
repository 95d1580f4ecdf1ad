package messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The SNS topic that copies each message into the queue of every reader. */
final class Topic {
  private static final Logger log = LoggerFactory.getLogger(Topic.class);

  private Topic() {}

  /**
   * Creates the topic, lets it send to the queue, and subscribes the queue. Another reader of the
   * topic is another queue: run this with another QUEUE_NAME and DEAD_LETTER_QUEUE_NAME.
   */
  static void create(String name, Queue queue, Settings settings) {
    try (SnsClient sns = Clients.sns(settings)) {
      String arn =
          sns.createTopic(request -> request.name(name).attributes(attributes(settings)))
              .topicArn();
      if (settings.maxMessageBytes() > TopicOutlet.MAX_BYTES) {
        String most = Integer.toString(settings.maxMessageBytes());
        sns.setTopicAttributes(
            request ->
                request.topicArn(arn).attributeName("MaximumMessageSize").attributeValue(most));
      }
      letItSend(arn, queue);
      // Raw: the queue gets what was published, not SNS's envelope around it.
      Map<String, String> raw = Map.of("RawMessageDelivery", "true");
      sns.subscribe(
          request -> request.topicArn(arn).protocol("sqs").endpoint(queue.arn()).attributes(raw));
      log.atInfo().addKeyValue("topic", arn).addKeyValue("queue", queue.arn()).log("subscribed");
    }
  }

  /**
   * In the queue's account and Region. Asking SNS would need the right to list or create topics.
   */
  static String arn(String name, Queue queue) {
    List<String> parts = new ArrayList<>(List.of(queue.arn().split(":", -1)));
    parts.set(2, "sns");
    parts.set(5, name);
    return String.join(":", parts);
  }

  /** The queue's policy lets this topic send, and nothing else that was not let before. */
  private static void letItSend(String topicArn, Queue queue) {
    String found = queue.attributes(QueueAttributeName.POLICY).get(QueueAttributeName.POLICY);
    ObjectNode policy =
        found == null || found.isEmpty()
            ? Json.MAPPER.createObjectNode().put("Version", "2012-10-17")
            : (ObjectNode) Json.parseText(found);
    ArrayNode statements = policy.withArray("Statement");
    JsonNode condition =
        Json.MAPPER.valueToTree(Map.of("ArnEquals", Map.of("aws:SourceArn", topicArn)));
    for (JsonNode statement : statements) {
      if (statement.path("Condition").equals(condition)) {
        return;
      }
    }
    ObjectNode statement = statements.addObject();
    statement.put("Effect", "Allow").put("Action", "sqs:SendMessage").put("Resource", queue.arn());
    statement.putObject("Principal").put("Service", "sns.amazonaws.com");
    statement.set("Condition", condition);
    queue
        .sqs()
        .setQueueAttributes(
            request ->
                request
                    .queueUrl(queue.url())
                    .attributes(Map.of(QueueAttributeName.POLICY, Json.text(policy))));
  }

  private static Map<String, String> attributes(Settings settings) {
    Map<String, String> attributes = new HashMap<>();
    if (settings.fifo()) {
      attributes.put("FifoTopic", "true");
      attributes.put(
          "ContentBasedDeduplication", Boolean.toString(settings.contentBasedDeduplication()));
    }
    if (settings.highThroughputFifo()) {
      attributes.put("FifoThroughputScope", "MessageGroup");
    }
    return attributes;
  }
}
