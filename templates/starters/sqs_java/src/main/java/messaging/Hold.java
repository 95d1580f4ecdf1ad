package messaging;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The messages in hand: kept invisible to others while they are worked on, then deleted or let go.
 */
final class Hold implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Hold.class);
  private static final int DELETE_ATTEMPTS = 3;
  // Finished work is deleted in batches, but never much later than this.
  private static final long DELETE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Queue queue;
  private final int visibilitySeconds;
  private final Heartbeat heartbeat;
  private final Map<String, String> receipts = new LinkedHashMap<>();
  private final List<String> done = new ArrayList<>();
  private final ScheduledFuture<?> extension;
  private long deletedAt = System.nanoTime();

  Hold(
      Queue queue,
      List<Message> messages,
      int visibilitySeconds,
      ScheduledExecutorService keeper,
      Heartbeat heartbeat) {
    this.queue = queue;
    this.visibilitySeconds = visibilitySeconds;
    this.heartbeat = heartbeat;
    messages.forEach(message -> receipts.put(message.messageId(), message.receiptHandle()));
    long third = TimeUnit.SECONDS.toMillis(visibilitySeconds) / 3;
    this.extension = keeper.scheduleAtFixedRate(this::extend, third, third, TimeUnit.MILLISECONDS);
  }

  synchronized void done(Message message) {
    done.add(message.messageId());
    if (System.nanoTime() - deletedAt > DELETE_AFTER_NANOS) {
      deleteDone();
    }
  }

  /** Gives it back; SQS delivers it again after so many seconds. */
  synchronized void letGo(Message message, int seconds) {
    setVisibility(List.of(message.messageId()), seconds);
    receipts.remove(message.messageId());
  }

  /** A slow handler is a sign of life too: its message is still its own. */
  private synchronized void extend() {
    heartbeat.beat();
    setVisibility(receipts.keySet(), visibilitySeconds);
  }

  /** What was handled is deleted; the rest is given back, and somebody else may have it now. */
  @Override
  public synchronized void close() {
    extension.cancel(false);
    try {
      deleteDone();
    } finally {
      setVisibility(receipts.keySet(), 0);
      receipts.clear();
    }
  }

  private void setVisibility(Collection<String> ids, int seconds) {
    if (ids.isEmpty()) {
      return;
    }
    List<ChangeMessageVisibilityBatchRequestEntry> entries =
        ids.stream()
            .map(
                id ->
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(id)
                        .receiptHandle(receipts.get(id))
                        .visibilityTimeout(seconds)
                        .build())
            .toList();
    try {
      queue
          .sqs()
          .changeMessageVisibilityBatch(request -> request.queueUrl(queue.url()).entries(entries))
          .failed()
          .forEach(failure -> warn("visibility not changed", failure));
    } catch (
        SdkException
            error) { // The message comes again by itself, at worst too early: no reason to end.
      log.atWarn()
          .addKeyValue("ids", ids)
          .addKeyValue("error", error.toString())
          .log("visibility not changed");
    }
  }

  /** What cannot be deleted comes again; a handler bears that. */
  private void deleteDone() {
    List<DeleteMessageBatchRequestEntry> waiting =
        done.stream()
            .map(
                id ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(id)
                        .receiptHandle(receipts.remove(id))
                        .build())
            .toList();
    done.clear();
    deletedAt = System.nanoTime();
    for (int attempt = 0; attempt < DELETE_ATTEMPTS && !waiting.isEmpty(); attempt++) {
      waiting = refused(waiting);
    }
  }

  private List<DeleteMessageBatchRequestEntry> refused(
      List<DeleteMessageBatchRequestEntry> entries) {
    List<BatchResultErrorEntry> failed =
        queue
            .sqs()
            .deleteMessageBatch(request -> request.queueUrl(queue.url()).entries(entries))
            .failed();
    failed.forEach(failure -> warn("not deleted", failure));
    List<String> again =
        failed.stream()
            .filter(failure -> !failure.senderFault())
            .map(BatchResultErrorEntry::id)
            .toList();
    return entries.stream().filter(entry -> again.contains(entry.id())).toList();
  }

  private static void warn(String message, BatchResultErrorEntry failure) {
    log.atWarn()
        .addKeyValue("id", failure.id())
        .addKeyValue("code", failure.code())
        .addKeyValue("reason", failure.message())
        .log(message);
  }
}
