/** One batch: what SQS will never take is set aside, the rest is sent until SQS has taken it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeadLetters } from "./dead-letters.js";
import type { Health } from "./health.js";
import type { Jobs } from "./jobs.js";
import { count } from "./metrics.js";
import { whyNever, type Received } from "./record.js";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

export interface Ends {
  readonly jobs: Jobs;
  readonly deadLetters: DeadLetters;
  readonly health: Health;
}

/** The offset of the last record of each partition that may be committed. */
export async function passOn(
  batch: readonly Received[],
  ends: Ends,
  ended: AbortSignal,
): Promise<ReadonlyMap<number, bigint>> {
  let left = await setAsideUnsendable(batch, ends.deadLetters);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    using _working = ends.health.working(); // trying again is no standstill
    const outcome = await ends.jobs.send(left);
    for (const [received, reason] of outcome.never) await ends.deadLetters.add(received, reason);
    ({ left } = outcome);
    if (left.size === 0) break;
    count("retried", left.size);
    await sleep(pauseMs, undefined, { signal: ended }).catch(() => undefined);
    if (ended.aborted) break;
  }
  return untilFirst(batch, left);
}

/** The others. */
async function setAsideUnsendable(
  batch: readonly Received[],
  deadLetters: DeadLetters,
): Promise<Set<Received>> {
  const sendable = new Set<Received>();
  for (const received of batch) {
    const reason = whyNever(received);
    if (reason === undefined) sendable.add(received);
    else await deadLetters.add(received, reason);
  }
  return sendable;
}

/** After a stop, what SQS took behind one that is left is sent twice: offsets say only how far it is done. */
function untilFirst(batch: readonly Received[], left: ReadonlySet<Received>): ReadonlyMap<number, bigint> {
  const done = new Map<number, bigint>();
  const isBehind = new Set<number>();
  for (const received of batch) {
    if (left.has(received)) isBehind.add(received.partition);
    if (!isBehind.has(received.partition)) done.set(received.partition, received.offset);
  }
  return done;
}
