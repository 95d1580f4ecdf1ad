package messaging;

import java.util.List;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends to the queue. */
record QueueOutlet(Queue queue) implements Outlet {
  private static final int MAX_BYTES =
      1_048_576; // docs.aws.amazon.com, "Amazon SQS message quotas"

  static QueueOutlet of(Settings settings) {
    return new QueueOutlet(Queue.named(Clients.sqs(settings), settings.queueName()));
  }

  @Override
  public int maxBytes() {
    return MAX_BYTES;
  }

  @Override
  public List<Refusal> send(List<Entry> batch) {
    List<SendMessageBatchRequestEntry> entries =
        batch.stream().map(QueueOutlet::translate).toList();
    return queue
        .sqs()
        .sendMessageBatch(request -> request.queueUrl(queue.url()).entries(entries))
        .failed()
        .stream()
        .map(
            failure ->
                new Refusal(
                    failure.id(), failure.senderFault(), failure.code() + ": " + failure.message()))
        .toList();
  }

  private static SendMessageBatchRequestEntry translate(Entry entry) {
    return SendMessageBatchRequestEntry.builder()
        .id(entry.id())
        .messageBody(entry.body())
        .messageGroupId(entry.group())
        .messageDeduplicationId(entry.deduplicationId())
        .delaySeconds(entry.delaySeconds() == 0 ? null : entry.delaySeconds())
        .build();
  }

  @Override
  public void close() {
    queue.sqs().close();
  }
}
