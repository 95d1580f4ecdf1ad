/** Sends messages in batches: what was refused is sent again, and flush() throws for what was never taken. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { queueUrl, snsClient, sqsClient } from "./client.js";
import { toQueue, toTopic, type Destination, type Entry } from "./destinations.js";
import { count } from "./metrics.js";
import { messageDelaySecondsMax, type Settings } from "./settings.js";
import { topicArn } from "./topic.js";

const MAX_ENTRIES = 10; // of one batch: docs.aws.amazon.com, "Amazon SQS message quotas"
const ATTEMPTS = 5;

/** SQS or SNS did not take these messages. */
export class SendFailedError extends Error {
  override name = "SendFailedError";
}

export interface Addressing {
  /** On a FIFO queue a group keeps its order. */
  readonly group?: string | undefined;
  /** On a FIFO queue one identity is taken once in five minutes. */
  readonly deduplicationId?: string | undefined;
  /** A standard queue holds the message back for so long, up to the setting of that name. */
  readonly delaySeconds?: number | undefined;
}

export class Producer {
  #batch: Entry[] = [];
  #sending = Promise.resolve(); // one batch after the other, so that groups keep their order

  constructor(
    private readonly settings: Settings,
    private readonly destination: Destination,
  ) {}

  static async open(settings: Settings): Promise<Producer> {
    const sqs = sqsClient(settings);
    const url = await queueUrl(sqs, settings.queue_name);
    if (settings.topic_name === null) return new Producer(settings, toQueue(sqs, url));
    const arn = await topicArn(sqs, url, settings.topic_name);
    return new Producer(settings, toTopic(snsClient(settings), arn, settings.max_message_bytes));
  }

  /** Add to the batch, and send the one before when that is full. */
  async send(
    body: unknown,
    { group = "default", deduplicationId, delaySeconds = 0 }: Addressing = {},
  ): Promise<void> {
    const most = messageDelaySecondsMax(this.settings);
    if (!(0 <= delaySeconds && delaySeconds <= most))
      throw new RangeError(
        `delaySeconds: ${delaySeconds} is not between 0 and ${most}, what the settings allow`,
      );
    const id = randomUUID();
    const own = deduplicationId ?? (this.settings.content_based_deduplication ? undefined : id);
    const text = JSON.stringify(body);
    const entry: Entry = this.settings.fifo
      ? { id, text, group, deduplicationId: own }
      : { id, text, delaySeconds: delaySeconds || undefined };
    const full = this.#isFull(entry) ? this.flush() : undefined;
    this.#batch.push(entry);
    await full;
  }

  /** Send what is waiting. Call it before you rely on it, and at the end. */
  async flush(): Promise<void> {
    const waiting = this.#batch.splice(0);
    const sent = this.#sending.then(() => this.#sendAll(waiting));
    this.#sending = sent.catch(() => undefined);
    await sent;
  }

  async #sendAll(batch: readonly Entry[]): Promise<void> {
    let waiting = batch;
    for (let attempt = 0; attempt < ATTEMPTS && waiting.length > 0; attempt++) {
      if (attempt > 0) await sleep(100 * 2 ** attempt);
      const failures = await this.destination.send(waiting);
      const hopeless = failures.filter((failure) => failure.SenderFault);
      if (hopeless.length > 0) throw new SendFailedError(JSON.stringify(hopeless));
      const refused = new Set(failures.map((failure) => failure.Id));
      count("sent", waiting.length - refused.size);
      waiting = waiting.filter((entry) => refused.has(entry.id));
    }
    if (waiting.length > 0)
      throw new SendFailedError(`${waiting.length} messages, refused ${ATTEMPTS} times`);
  }

  #isFull(entry: Entry): boolean {
    const bytes = [...this.#batch, entry].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (this.#batch.length === MAX_ENTRIES) return true;
    if (bytes > this.destination.maxBytes) return this.#batch.length > 0;
    // One of each group at a time: were the first of two refused and the second taken, their order would be lost.
    return this.settings.fifo && this.#batch.some((other) => other.group === entry.group);
  }
}
