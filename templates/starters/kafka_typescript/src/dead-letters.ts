/** Sets records aside that cannot be handled: unchanged, with the reason and their origin in the headers. */
import { log } from "./log.js";
import type { Received } from "./message.js";
import { count } from "./metrics.js";
import { Producer } from "./producer.js";
import type { Settings } from "./settings.js";

const MAX_REASON = 500;

export class DeadLetters {
  readonly #group: string;
  readonly #producer: Producer;

  constructor(settings: Settings) {
    this.#group = settings.consumer_group;
    this.#producer = new Producer(
      // What came compressed may be more than a broker takes otherwise.
      { ...settings, acks: "all", linger_ms: 0, compression_type: "gzip" },
      settings.dead_letter_topic,
    );
  }

  /** Return only when the broker has confirmed: the caller commits the original next. */
  async add(received: Received, error: unknown, attempts: number): Promise<void> {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const origin = {
      "dead-letter-reason": reason.slice(0, MAX_REASON),
      "dead-letter-attempts": attempts,
      "dead-letter-topic": received.topic,
      "dead-letter-partition": received.partition,
      "dead-letter-offset": Number(received.offset),
      "dead-letter-consumer-group": this.#group,
    };
    const added = Object.entries(origin).map(([name, value]): [Buffer, Buffer] => [
      Buffer.from(name),
      Buffer.from(String(value)),
    ]);
    await this.#producer.sendRecord({
      key: received.key,
      value: received.value,
      headers: new Map([...received.headers, ...added]),
    });
    count("dead_lettered");
    log.error(origin, "set aside");
  }

  async close(): Promise<void> {
    await this.#producer.close();
  }
}
