/** The messages in hand: kept invisible to others while they are worked on, then deleted or let go. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message as Received,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { log } from "./log.js";
import { idOf } from "./message.js";

const DELETE_ATTEMPTS = 3;
const TICK_MS = 1_000; // what is done is deleted in batches, and no later than this, however long the next one takes

/** `await using hold = new Hold(…)`: leaving the block deletes what is done and gives back the rest. */
export class Hold implements AsyncDisposable {
  readonly #receipts: Map<string, string>;
  #done: string[] = []; // to be deleted; in hand until they are
  #extendedAt = Date.now();
  #changes = Promise.resolve(); // one after the other, so that a pause is not undone by an extension before it
  readonly #keeper: NodeJS.Timeout;
  #tick: Promise<void> | undefined;

  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
    messages: readonly Received[],
    private readonly visibilitySeconds: number,
    private readonly onKept: () => void = () => undefined,
  ) {
    this.#receipts = new Map(messages.map((message) => [idOf(message), message.ReceiptHandle ?? ""]));
    const everyMs = Math.min(TICK_MS, (visibilitySeconds * 1_000) / 3);
    this.#keeper = setInterval(() => {
      this.#tick ??= this.#keep().finally(() => (this.#tick = undefined));
    }, everyMs);
  }

  done(message: Received): void {
    this.#done.push(idOf(message));
  }

  /** Give it back; SQS delivers it again after so many seconds. */
  async letGo(message: Received, seconds: number): Promise<void> {
    const receipts = this.#receiptsOf([idOf(message)]);
    this.#receipts.delete(idOf(message));
    await this.#setVisibility(receipts, seconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#keeper);
    await this.#tick;
    try {
      for (let attempt = 0; attempt < DELETE_ATTEMPTS && this.#done.length > 0; attempt++) {
        if (attempt > 0) await sleep(100 * 2 ** attempt);
        await this.#deleteDone();
      }
    } finally {
      const rest = [...this.#receipts].filter(([id]) => !this.#done.includes(id));
      await this.#setVisibility(rest, 0); // not handled: somebody else may have it now
    }
  }

  async #keep(): Promise<void> {
    try {
      await this.#deleteDone();
    } catch (error) {
      log.warn({ error: String(error) }, "not deleted"); // tried again at the next tick
    }
    if (Date.now() - this.#extendedAt >= (this.visibilitySeconds * 1_000) / 3) {
      this.#extendedAt = Date.now();
      await this.#setVisibility([...this.#receipts], this.visibilitySeconds);
    }
    this.onKept();
  }

  #receiptsOf(ids: readonly string[]): [string, string][] {
    return ids.map((id) => [id, this.#receipts.get(id) ?? ""]);
  }

  #setVisibility(receipts: [string, string][], seconds: number): Promise<void> {
    this.#changes = this.#changes.then(() => this.#sendVisibility(receipts, seconds));
    return this.#changes;
  }

  async #sendVisibility(receipts: [string, string][], seconds: number): Promise<void> {
    if (receipts.length === 0) return;
    const entries = receipts.map(([Id, ReceiptHandle]) => ({
      Id,
      ReceiptHandle,
      VisibilityTimeout: seconds,
    }));
    try {
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries: entries });
      const { Failed: failed = [] } = await this.client.send(command);
      for (const failure of failed) log.warn(failure, "visibility not changed");
    } catch (error) {
      // The message comes again by itself, at worst too early: no reason to end.
      log.warn({ ids: receipts.map(([id]) => id), error: String(error) }, "visibility not changed");
    }
  }

  /** What SQS refuses for now stays, for the next time; what it refuses for good comes again, as handlers bear. */
  async #deleteDone(): Promise<void> {
    if (this.#done.length === 0) return;
    const entries = this.#receiptsOf(this.#done).map(([Id, ReceiptHandle]) => ({ Id, ReceiptHandle }));
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries: entries });
    const { Failed: failed = [] } = await this.client.send(command);
    for (const failure of failed) log.warn(failure, "not deleted");
    const again = new Set(failed.filter((failure) => !failure.SenderFault).map((failure) => failure.Id));
    const over = entries.map(({ Id }) => Id).filter((id) => !again.has(id));
    for (const id of over) this.#receipts.delete(id);
    this.#done = this.#done.filter((id) => !over.includes(id));
  }
}
