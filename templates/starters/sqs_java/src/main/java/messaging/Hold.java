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
  // What is done is deleted no later than this, however long the next one takes.
  private static final long TICK_MILLIS = 1_000;

  private final Queue queue;
  private final int visibilitySeconds;
  private final Heartbeat heartbeat;
  private final Map<String, String> receipts = new LinkedHashMap<>();
  private final List<String> done = new ArrayList<>(); // to be deleted; in hand until they are
  private final ScheduledFuture<?> ticks;
  private long extendedAt = System.nanoTime();

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
    long tick = Math.min(TICK_MILLIS, TimeUnit.SECONDS.toMillis(visibilitySeconds) / 3);
    this.ticks = keeper.scheduleAtFixedRate(this::keep, tick, tick, TimeUnit.MILLISECONDS);
  }

  synchronized void done(Message message) {
    done.add(message.messageId());
  }

  /** Gives it back; SQS delivers it again after so many seconds. */
  synchronized void letGo(Message message, int seconds) {
    setVisibility(List.of(message.messageId()), seconds);
    receipts.remove(message.messageId());
  }

  /** A slow handler is a sign of life too: its message is still its own. */
  private synchronized void keep() {
    heartbeat.beat();
    try {
      deleteDone();
    } catch (SdkException error) { // tried again at the next tick
      log.atWarn().addKeyValue("error", error.toString()).log("not deleted");
    }
    if (System.nanoTime() - extendedAt >= TimeUnit.SECONDS.toNanos(visibilitySeconds) / 3) {
      extendedAt = System.nanoTime();
      setVisibility(receipts.keySet(), visibilitySeconds);
    }
  }

  /** What was handled is deleted; the rest is given back, and somebody else may have it now. */
  @Override
  public synchronized void close() {
    ticks.cancel(false);
    try {
      for (int attempt = 0; attempt < DELETE_ATTEMPTS && !done.isEmpty(); attempt++) {
        pauseBefore(attempt);
        deleteDone();
      }
    } finally {
      receipts.keySet().removeAll(done);
      setVisibility(receipts.keySet(), 0);
      receipts.clear();
      done.clear(); // a tick may wait for its turn
    }
  }

  private static void pauseBefore(int attempt) {
    try {
      Thread.sleep(attempt == 0 ? 0 : 100L << attempt);
    } catch (InterruptedException error) { // asked to end: without a pause then
      Thread.currentThread().interrupt();
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

  /** What SQS refuses for now stays, for the next time; what it refuses for good comes again. */
  private void deleteDone() {
    if (done.isEmpty()) {
      return;
    }
    List<DeleteMessageBatchRequestEntry> entries =
        done.stream()
            .map(
                id ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(id)
                        .receiptHandle(receipts.get(id))
                        .build())
            .toList();
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
    receipts.keySet().removeIf(id -> done.contains(id) && !again.contains(id));
    done.retainAll(again);
  }

  private static void warn(String message, BatchResultErrorEntry failure) {
    log.atWarn()
        .addKeyValue("id", failure.id())
        .addKeyValue("code", failure.code())
        .addKeyValue("reason", failure.message())
        .log(message);
  }
}
