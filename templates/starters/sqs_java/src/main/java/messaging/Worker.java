package messaging;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/** One of the threads that receive, handle and delete. */
final class Worker implements Callable<Void> {
  private final Settings settings;
  private final Queue queue;
  private final Attempts attempts;
  private final StopSignal stop;
  private final Heartbeat heartbeat;
  private final ReceiveMessageRequest request;

  Worker(SqsClient sqs, Settings settings, Handle handle, StopSignal stop, Heartbeat heartbeat) {
    this.settings = settings;
    this.queue = Queue.named(sqs, settings.queueName());
    Queue deadLetters = Queue.named(sqs, settings.deadLetterQueueName());
    this.attempts =
        new Attempts(settings, handle, new DeadLetters(deadLetters, settings.fifo()), stop);
    this.stop = stop;
    this.heartbeat = heartbeat;
    this.request =
        ReceiveMessageRequest.builder()
            .queueUrl(queue.url())
            .maxNumberOfMessages(settings.batchSize())
            .waitTimeSeconds(settings.waitTimeSeconds())
            .visibilityTimeout(settings.visibilityTimeoutSeconds())
            .messageSystemAttributeNames(
                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                MessageSystemAttributeName.MESSAGE_GROUP_ID)
            .messageAttributeNames("All")
            .build();
  }

  @Override
  public Void call() throws InterruptedException {
    ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor();
    try {
      while (!stop.isRequested()) {
        List<Message> messages = queue.sqs().receiveMessage(request).messages();
        heartbeat.beat();
        Metrics.count("received", messages.size());
        if (!messages.isEmpty()) {
          work(messages, keeper);
        }
      }
      return null;
    } finally {
      keeper.shutdownNow();
    }
  }

  /** Leaving the block gives back what was not handled. */
  private void work(List<Message> messages, ScheduledExecutorService keeper)
      throws InterruptedException {
    try (Hold hold =
        new Hold(queue, messages, settings.visibilityTimeoutSeconds(), keeper, heartbeat)) {
      for (Message message : messages) {
        if (stop.isRequested()) {
          return;
        }
        attempts.finish(message, hold);
      }
    }
  }
}
