/** One batch: partitions side by side, the records of each one after the other. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeadLetters } from "./dead-letters.js";
import { groupBy } from "./group-by.js";
import type { Health } from "./health.js";
import { log } from "./log.js";
import { decode, Unprocessable, type Handle, type Received } from "./message.js";
import { count } from "./metrics.js";
import type { Settings } from "./settings.js";

export interface Surroundings {
  readonly settings: Settings;
  readonly handle: Handle;
  readonly deadLetters: DeadLetters;
  readonly health: Health;
}

/** The offset of the last record of each partition that may be committed. Throws when one could not be set aside. */
export async function handleBatch(
  batch: readonly Received[],
  surroundings: Surroundings,
  ended: AbortSignal,
): Promise<ReadonlyMap<number, bigint>> {
  const handled = new Map<number, bigint>();
  const failed = new AbortController();
  const stop = AbortSignal.any([ended, failed.signal]);
  const lanes = [...groupBy(batch, ({ partition }) => partition).values()].map(async (records) => {
    try {
      for (const received of records) {
        if (stop.aborted || !(await finish(received, surroundings, stop))) return;
        handled.set(received.partition, received.offset);
      }
    } catch (error) {
      failed.abort(error);
    }
  });
  await Promise.all(lanes);
  failed.signal.throwIfAborted();
  return handled;
}

/** True when the record needs no more work; false when a stop came first. */
async function finish(received: Received, surroundings: Surroundings, stop: AbortSignal): Promise<boolean> {
  const { settings, handle, deadLetters, health } = surroundings;
  using _working = health.working();
  for (let attempt = 1; ; attempt++) {
    try {
      await handle(decode(received));
      count("handled");
      return true;
    } catch (error) {
      if (error instanceof Unprocessable || attempt >= settings.max_attempts) {
        await deadLetters.add(received, error, attempt);
        return true;
      }
      count("retried");
      const place = { partition: received.partition, offset: Number(received.offset) };
      log.warn({ ...place, attempt, error: String(error) }, "failed, will be tried again");
    }
    const pauseMs = settings.retry_backoff_ms * 2 ** (attempt - 1);
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return false;
  }
}
