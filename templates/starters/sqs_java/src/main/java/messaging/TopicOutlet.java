package messaging;

import java.util.List;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Publishes to the topic. */
record TopicOutlet(SnsClient sns, String arn, int maxBytes) implements Outlet {
  /** Until the topic's MaximumMessageSize is raised: SNS API reference, "PublishBatch". */
  static final int MAX_BYTES = 262_144;

  static TopicOutlet of(Settings settings, String topic) {
    try (SqsClient sqs = Clients.sqs(settings)) {
      String arn = Topic.arn(topic, Queue.named(sqs, settings.queueName()));
      int most = Math.max(MAX_BYTES, settings.maxMessageBytes());
      return new TopicOutlet(Clients.sns(settings), arn, most);
    }
  }

  @Override
  public List<Refusal> send(List<Entry> batch) {
    List<PublishBatchRequestEntry> entries = batch.stream().map(TopicOutlet::translate).toList();
    try {
      return sns
          .publishBatch(request -> request.topicArn(arn).publishBatchRequestEntries(entries))
          .failed()
          .stream()
          .map(
              failure ->
                  new Refusal(
                      failure.id(),
                      failure.senderFault(),
                      failure.code() + ": " + failure.message()))
          .toList();
    } catch (NotFoundException error) {
      throw new MissingException("no such topic: " + arn + " (make queues creates it)");
    }
  }

  private static PublishBatchRequestEntry translate(Entry entry) {
    return PublishBatchRequestEntry.builder()
        .id(entry.id())
        .message(entry.body())
        .messageGroupId(entry.group())
        .messageDeduplicationId(entry.deduplicationId())
        .build();
  }

  @Override
  public void close() {
    sns.close();
  }
}
