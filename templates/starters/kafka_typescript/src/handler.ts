import { log } from "./log.js";
import type { Message } from "./message.js";

/**
 * Your code: do the work of one message. This is the function to edit. One call a partition runs at a time.
 *
 * Return, and the message is done. Throw, and it is tried again with growing pauses, then set aside with
 * the error as its reason. Throw `Unprocessable` (message.ts) to set it aside at once.
 * A message can come twice (after a crash, for one), so doing it again must do no harm.
 */
export function handle(message: Message): Promise<void> | void {
  // Where it is, and not what is in it: logs are kept for long and read by many.
  log.info({ partition: message.partition, offset: Number(message.offset) }, "handled");
}
