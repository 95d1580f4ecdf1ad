/** One message until it is done, set aside or given back. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Message as Received } from "@aws-sdk/client-sqs";
import type { DeadLetters } from "./dead-letters.js";
import type { Hold } from "./hold.js";
import { log } from "./log.js";
import { decode, idOf, receiveCount, Unprocessable, type Handle } from "./message.js";
import { count } from "./metrics.js";
import type { Settings } from "./settings.js";

export interface Surroundings {
  readonly settings: Settings;
  readonly handle: Handle;
  readonly deadLetters: DeadLetters;
  readonly stop: AbortSignal;
}

export async function finish(received: Received, hold: Hold, surroundings: Surroundings): Promise<void> {
  const { settings, handle, deadLetters, stop } = surroundings;
  for (let attempt = settings.fifo ? 1 : receiveCount(received); ; attempt++) {
    try {
      await handle(decode(received));
      count("handled");
      break;
    } catch (error) {
      if (error instanceof Unprocessable || attempt >= settings.max_receive_count) {
        await deadLetters.add(received, error, attempt);
        break;
      }
      count("retried");
      log.warn({ id: idOf(received), attempt, error: String(error) }, "failed, will be tried again");
    }
    const pause = Math.min(2 ** (attempt - 1), settings.visibility_timeout_seconds);
    if (!settings.fifo) {
      await hold.letGo(received, pause);
      return;
    }
    // Given back, it would keep its group waiting just the same, and use up the receives of those behind it.
    await sleep(pause * 1_000, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return;
  }
  hold.done(received);
}
