import { log } from "./log.js";
import type { Message } from "./message.js";

/**
 * Your code: do the work of one message. This is the function to edit. Several calls run at once.
 *
 * Return, and the message is done. Throw, and it is tried again with growing pauses, then set aside with
 * the error as its reason. Throw `Unprocessable` (message.ts) to set it aside at once.
 * A message can come twice (SQS promises at least once), so doing it again must do no harm.
 */
export function handle(message: Message): Promise<void> | void {
  // Which it is, and not what is in it: logs are kept for long and read by many.
  log.info({ id: message.id, receive_count: message.receiveCount }, "handled");
}
