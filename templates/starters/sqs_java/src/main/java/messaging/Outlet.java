package messaging;

import java.util.List;

/**
 * Where the producer sends: the queue itself, or the topic that copies into the queue of every
 * reader.
 */
sealed interface Outlet extends AutoCloseable permits QueueOutlet, TopicOutlet {

  /**
   * Group and deduplicationId are null where the queue is no FIFO queue; delaySeconds is 0 but
   * where a standard queue is sent to directly.
   */
  record Entry(String id, String body, String group, String deduplicationId, int delaySeconds) {}

  record Refusal(String id, boolean isSendersFault, String reason) {}

  static Outlet of(Settings settings) {
    return settings.topicName().isPresent()
        ? TopicOutlet.of(settings, settings.topicName().get())
        : QueueOutlet.of(settings);
  }

  int maxBytes();

  /** Sends one batch, and returns what of it was refused. */
  List<Refusal> send(List<Entry> batch);

  @Override
  void close();
}
