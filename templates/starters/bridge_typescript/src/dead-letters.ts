/** Sets records aside that SQS will never take: unchanged, with the reason and their origin in the headers. */
import { ProduceAcks, Producer } from "@platformatic/kafka";
import { connection } from "./connection.js";
import { log } from "./log.js";
import { count } from "./metrics.js";
import type { Bytes, Received } from "./record.js";
import type { Settings } from "./settings.js";

export class DeadLetters {
  readonly #topic: string;
  readonly #group: string;
  readonly #client: Producer<Bytes, Bytes>;

  constructor(settings: Settings) {
    this.#topic = settings.dead_letter_topic;
    this.#group = settings.bridge_group;
    this.#client = new Producer<Bytes, Bytes>({
      ...connection(settings),
      acks: ProduceAcks.ALL,
      autocreateTopics: false,
      compression: "gzip", // what came compressed may be more than a broker takes otherwise
    });
  }

  /** Return only when the broker has confirmed: the caller commits the original next. */
  async add(received: Received, reason: string): Promise<void> {
    const origin = {
      "dead-letter-reason": reason,
      "dead-letter-attempts": 1,
      "dead-letter-topic": received.topic,
      "dead-letter-partition": received.partition,
      "dead-letter-offset": Number(received.offset),
      "dead-letter-consumer-group": this.#group,
    };
    const added = Object.entries(origin).map(([name, value]): [Buffer, Buffer] => [
      Buffer.from(name),
      Buffer.from(String(value)),
    ]);
    const headers = new Map([...received.headers, ...added]);
    const { key, value } = received;
    try {
      await this.#client.send({ messages: [{ topic: this.#topic, key, value, headers }] });
    } catch (error) {
      throw new Error(`a record cannot be set aside: ${String(error)}`, { cause: error }); // ends the bridge
    }
    count("dead_lettered");
    log.error(origin, "set aside");
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}
