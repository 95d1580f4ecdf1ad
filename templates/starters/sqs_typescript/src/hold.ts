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
const DELETE_AFTER_MS = 1_000; // finished work is deleted in batches, but never much later than this

/** `await using hold = new Hold(…)`: leaving the block deletes what is done and gives back the rest. */
export class Hold implements AsyncDisposable {
  readonly #receipts: Map<string, string>;
  #done: string[] = [];
  #deletedAt = Date.now();
  #changes = Promise.resolve(); // one after the other, so that a pause is not undone by an extension before it
  readonly #keeper: NodeJS.Timeout;

  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
    messages: readonly Received[],
    visibilitySeconds: number,
    onKept: () => void = () => undefined,
  ) {
    this.#receipts = new Map(messages.map((message) => [idOf(message), message.ReceiptHandle ?? ""]));
    this.#keeper = setInterval(
      () => {
        void this.#setVisibility([...this.#receipts], visibilitySeconds).then(onKept);
      },
      (visibilitySeconds * 1_000) / 3,
    );
  }

  async done(message: Received): Promise<void> {
    this.#done.push(idOf(message));
    if (Date.now() - this.#deletedAt > DELETE_AFTER_MS) await this.#deleteDone();
  }

  /** Give it back; SQS delivers it again after so many seconds. */
  async letGo(message: Received, seconds: number): Promise<void> {
    await this.#setVisibility(this.#take([idOf(message)]), seconds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#keeper);
    try {
      await this.#deleteDone();
    } finally {
      await this.#setVisibility([...this.#receipts], 0); // not handled: somebody else may have it now
    }
  }

  #take(ids: string[]): [string, string][] {
    const taken = ids.map((id): [string, string] => [id, this.#receipts.get(id) ?? ""]);
    for (const id of ids) this.#receipts.delete(id);
    return taken;
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

  /** What cannot be deleted comes again; a handler bears that. */
  async #deleteDone(): Promise<void> {
    let waiting = this.#take(this.#done.splice(0)).map(([Id, ReceiptHandle]) => ({ Id, ReceiptHandle }));
    this.#deletedAt = Date.now();
    for (let attempt = 0; attempt < DELETE_ATTEMPTS && waiting.length > 0; attempt++) {
      if (attempt > 0) await sleep(100 * 2 ** attempt);
      const command = new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries: waiting });
      const { Failed: failed = [] } = await this.client.send(command);
      const refused = new Set(failed.filter((failure) => !failure.SenderFault).map((failure) => failure.Id));
      waiting = waiting.filter((entry) => refused.has(entry.Id));
      for (const failure of failed) log.warn(failure, "not deleted");
    }
  }
}
