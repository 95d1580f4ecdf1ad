/** Sends messages in batches: what was refused is sent again, by this flush() or by the next one. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { queueUrl, snsClient, sqsClient } from "./client.js";
import { toQueue, toTopic, type Destination, type Entry, type Failure } from "./destinations.js";
import { count } from "./metrics.js";
import { messageDelaySecondsMax, type Settings } from "./settings.js";
import { topicArn } from "./topic.js";

const MAX_ENTRIES = 10; // of one batch: docs.aws.amazon.com, "Amazon SQS message quotas"
const ATTEMPTS = 5;

/** Not all was taken: what never will be is in `dropped`, as JSON, the rest stays for the next flush. */
export class SendFailedError extends Error {
  override name = "SendFailedError";

  /** The message says nothing of what is in them: errors end up in logs. */
  constructor(
    message: string,
    readonly dropped: readonly string[],
  ) {
    super(message);
  }
}

export interface Addressing {
  /** On a FIFO queue a group keeps its order. */
  readonly group?: string | undefined;
  /** On a FIFO queue one identity is taken once in five minutes. */
  readonly deduplicationId?: string | undefined;
  /** A standard queue holds the message back for so long, up to the setting of that name. */
  readonly delaySeconds?: number | undefined;
}

/** Calls take effect one after the other, in the order in which they were made, whether or not they are awaited. */
export class Producer {
  #batch: readonly Entry[] = [];
  #last = Promise.resolve();

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

  /** Add to the batch, and send the one before when that is full. Await it where order matters: it may reject alone. */
  async send(
    body: unknown,
    { group = "default", deduplicationId, delaySeconds = 0 }: Addressing = {},
  ): Promise<void> {
    const most = messageDelaySecondsMax(this.settings);
    if (!(0 <= delaySeconds && delaySeconds <= most))
      throw new RangeError(
        `delaySeconds: ${delaySeconds} is not between 0 and ${most}, what the settings allow`,
      );
    const entry = this.#entry(JSON.stringify(body), group, deduplicationId, delaySeconds);
    await this.#inTurn(async () => {
      if (this.#isFull(entry)) await this.#sendAll(); // where it throws, this message is not taken
      this.#batch = [...this.#batch, entry];
    });
  }

  /** Resolves when all that was sent is stored, whoever sent it. Call it before you rely on it, and at the end. */
  async flush(): Promise<void> {
    await this.#inTurn(() => this.#sendAll());
  }

  /** Refuses what is too large, as it would fail each batch that it is in. */
  #entry(text: string, group: string, deduplicationId: string | undefined, delaySeconds: number): Entry {
    const most = this.destination.maxBytes;
    const bytes = Buffer.byteLength(text);
    if (bytes > most) throw new RangeError(`body: ${bytes} bytes are more than the ${most} of a batch`);
    const id = randomUUID();
    const own = deduplicationId ?? (this.settings.content_based_deduplication ? undefined : id);
    return this.settings.fifo
      ? { id, text, group, deduplicationId: own }
      : { id, text, delaySeconds: delaySeconds || undefined };
  }

  /** So that no batch is filled while it is sent, and a flush waits for what another caller has in hand. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** A message leaves the batch once it was taken, or with the error that has it: no failure forgets one. */
  async #sendAll(): Promise<void> {
    const hopeless = new Map<string | undefined, Failure>();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const waiting = this.#batch.filter(({ id }) => !hopeless.has(id));
      if (waiting.length === 0) break;
      if (attempt > 0) await sleep(100 * 2 ** attempt);
      const failures = await this.destination.send(waiting);
      count("sent", waiting.length - failures.length);
      for (const failure of failures) if (failure.SenderFault) hopeless.set(failure.Id, failure);
      const refused = new Set(failures.map((failure) => failure.Id));
      this.#batch = this.#batch.filter(({ id }) => refused.has(id) || hopeless.has(id));
    }
    this.#report(hopeless);
  }

  /** Drops the hopeless, and throws where something was not taken. */
  #report(hopeless: ReadonlyMap<string | undefined, Failure>): void {
    const never = this.#batch.filter(({ id }) => hopeless.has(id));
    const said = never.map(({ id, text }) => {
      const why = hopeless.get(id);
      return `dropped for good: ${text.length} letters (${why?.Code ?? ""}: ${why?.Message ?? ""})`;
    });
    this.#batch = this.#batch.filter(({ id }) => !hopeless.has(id));
    const left = this.#batch.length;
    if (left > 0) said.push(`${left} messages, refused ${ATTEMPTS} times: the next flush sends them again`);
    const dropped = never.map(({ text }) => text);
    if (said.length > 0) throw new SendFailedError(said.join("; "), dropped);
  }

  #isFull(entry: Entry): boolean {
    const bytes = [...this.#batch, entry].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (this.#batch.length === MAX_ENTRIES) return true;
    if (bytes > this.destination.maxBytes) return this.#batch.length > 0;
    // One of each group at a time: were the first of two refused and the second taken, their order would be lost.
    return this.settings.fifo && this.#batch.some((other) => other.group === entry.group);
  }
}
