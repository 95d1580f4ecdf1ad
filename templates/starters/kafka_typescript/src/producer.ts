/** Produces records in batches: each send() settles when the broker has confirmed its record, or will not. */
import { setTimeout as sleep } from "node:timers/promises";
import { compatibilityPartitioner, ProduceAcks, Producer as Client } from "@platformatic/kafka";
import { connection, mayPass } from "./connection.js";
import { groupBy } from "./group-by.js";
import { log } from "./log.js";
import type { Bytes } from "./message.js";
import { count } from "./metrics.js";
import type { Settings } from "./settings.js";

const MAX_BATCH_BYTES = 512 * 1_024; // a broker takes 1 MiB at once by default
const MAX_BATCH_RECORDS = 5_000;
const DELIVERY_MS = 120_000; // as long as Kafka's own producer tries
const PAUSE_MS = 500;
const ACKS = { all: ProduceAcks.ALL, "1": ProduceAcks.LEADER, "0": ProduceAcks.NO_RESPONSE };

export interface KafkaRecord {
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers?: Map<Buffer, Buffer>;
}

interface Waiting {
  readonly record: KafkaRecord;
  readonly confirm: () => void;
  readonly refuse: (error: unknown) => void;
}

type KafkaClient = Client<Bytes, Bytes>;

/** The broker did not confirm a record; it may be lost. */
export class DeliveryFailedError extends Error {
  override name = "DeliveryFailedError";
}

export class Producer {
  readonly #unconfirmed = new Set<Promise<void>>();
  #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #client: KafkaClient | undefined;
  #keyless = 0;

  constructor(
    private readonly settings: Settings,
    private readonly topic = settings.topic,
  ) {}

  /** Records with the same key keep their order. Await it, or keep the promise: it throws what was not delivered. */
  send(key: string, value: unknown): Promise<void> {
    const sent = this.sendRecord({ key: Buffer.from(key), value: Buffer.from(JSON.stringify(value)) });
    sent.catch(() => undefined); // a promise that is looked at later must not end the process until then
    return sent;
  }

  async sendRecord(record: KafkaRecord): Promise<void> {
    const sent = new Promise<void>((confirm, refuse) => this.#waiting.push({ record, confirm, refuse }));
    this.#unconfirmed.add(sent);
    this.#sending ??= this.#sendAll();
    try {
      await sent;
      count("sent");
    } finally {
      this.#unconfirmed.delete(sent);
    }
  }

  /** Wait until all that was handed over so far is confirmed or lost. It never throws: each send() says what it was. */
  async flush(): Promise<void> {
    await Promise.allSettled(this.#unconfirmed);
  }

  /** Wait for the last confirmation, and disconnect. */
  async close(): Promise<void> {
    await this.#sending;
    await this.#forgetClient();
  }

  async #sendAll(): Promise<void> {
    await sleep(this.settings.linger_ms);
    while (this.#waiting.length > 0) await this.#sendBatch(this.#takeBatch());
    this.#sending = undefined;
  }

  async #sendBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const client = (this.#client ??= this.#connect());
      const partitions = await patiently(client, () => this.#countPartitions(client));
      const shares = groupBy(batch, ({ record }) => this.#partitionOf(record, partitions));
      const deliveries = [...shares].map(([partition, share]) => this.#deliver(client, partition, share));
      await Promise.all(deliveries);
    } catch (error) {
      log.error({ records: batch.length, error: reason(error) }, "not delivered");
      for (const { refuse } of batch) refuse(error); // those that are settled already stay as they are
    }
  }

  /**
   * One partition and one request at a time: an idempotent producer numbers its records, this client numbers them by
   * the answers it has seen, and only what is sent again unchanged is known again by the broker.
   */
  async #deliver(client: KafkaClient, partition: number, share: readonly Waiting[]): Promise<void> {
    const messages = share.map(({ record }) => ({ ...record, topic: this.topic, partition }));
    try {
      await patiently(client, () => client.send({ messages }));
      for (const { confirm } of share) confirm();
    } catch (error) {
      const first = share[0]?.record.key?.toString();
      const lost = `${share.length} records for ${this.topic}, first: key ${first}, ${reason(error)}`;
      const failure = new DeliveryFailedError(lost, { cause: error });
      log.error({ error: lost }, "not delivered"); // said here too, for a promise that nobody looks at
      for (const { refuse } of share) refuse(failure);
      await this.#forgetClient(); // nobody knows which numbers the broker has seen: the next one gets new ones
    }
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    const tooMuch = this.#waiting.findIndex(({ record }, index) => {
      bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0) + 100;
      return index > 0 && (bytes > MAX_BATCH_BYTES || index === MAX_BATCH_RECORDS);
    });
    return this.#waiting.splice(0, tooMuch === -1 ? this.#waiting.length : tooMuch);
  }

  async #countPartitions(client: KafkaClient): Promise<number> {
    const { topics } = await client.metadata({ topics: [this.topic] });
    return topics.get(this.topic)?.partitionsCount ?? 1;
  }

  /** Where the clients of other languages send this key, too. */
  #partitionOf(record: KafkaRecord, partitions: number): number {
    if (record.key === undefined) return this.#keyless++ % partitions;
    return compatibilityPartitioner({ topic: this.topic }, record.key) % partitions;
  }

  async #forgetClient(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => undefined);
  }

  #connect(): KafkaClient {
    const { settings } = this;
    return new Client<Bytes, Bytes>({
      ...connection(settings),
      acks: ACKS[settings.acks],
      idempotent: settings.enable_idempotence,
      compression: settings.compression_type,
      autocreateTopics: false,
    });
  }
}

/** Again and again while the error may pass. */
async function patiently<Answer>(client: KafkaClient, attempt: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = Date.now() + DELIVERY_MS; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayPass(error) || Date.now() > deadline) throw error;
    }
    client.clearMetadata(); // the partition may have another leader by now
    await sleep(PAUSE_MS);
  }
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return String(error);
}
