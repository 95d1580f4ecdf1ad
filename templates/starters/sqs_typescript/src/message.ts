/** What a handler is given, decoded from a received message. */
import type { Message as Received } from "@aws-sdk/client-sqs";

/** This message will never succeed: set it aside at once, without further attempts. */
export class Unprocessable extends Error {
  override name = "Unprocessable";
}

export interface Message {
  readonly id: string;
  readonly body: unknown;
  readonly group: string | undefined;
  readonly receiveCount: number;
}

export type Handle = (message: Message) => Promise<void> | void;

export function decode(received: Received): Message {
  return {
    id: idOf(received),
    body: parse(received.Body ?? ""),
    group: received.Attributes?.MessageGroupId,
    receiveCount: receiveCount(received),
  };
}

export function idOf(received: Received): string {
  return received.MessageId ?? "";
}

export function receiveCount(received: Received): number {
  return Number(received.Attributes?.ApproximateReceiveCount ?? 1);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Unprocessable("not JSON", { cause: error }); // and not its message, which quotes what came
  }
}
