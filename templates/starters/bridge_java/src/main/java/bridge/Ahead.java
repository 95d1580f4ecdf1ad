package bridge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is done behind a record that is left: it is read again with it, and not sent twice. */
final class Ahead {
  private final Map<Integer, Set<Long>> offsets = new HashMap<>();

  boolean has(ConsumerRecord<byte[], byte[]> raw) {
    return offsets.getOrDefault(raw.partition(), Set.of()).contains(raw.offset());
  }

  /** The records of one partition, of which `first` is the first that is left. */
  void update(
      List<ConsumerRecord<byte[], byte[]>> records,
      int first,
      Set<ConsumerRecord<byte[], byte[]>> left) {
    for (ConsumerRecord<byte[], byte[]> raw : records.subList(0, first)) {
      offsets.getOrDefault(raw.partition(), new HashSet<>()).remove(raw.offset());
    }
    for (ConsumerRecord<byte[], byte[]> raw : records.subList(first, records.size())) {
      if (!left.contains(raw)) {
        offsets.computeIfAbsent(raw.partition(), partition -> new HashSet<>()).add(raw.offset());
      }
    }
  }
}
