/** What a handler is given, decoded from a record. */
import type { Message as KafkaMessage } from "@platformatic/kafka";

/** This message will never succeed: set it aside at once, without further attempts. */
export class Unprocessable extends Error {
  override name = "Unprocessable";
}

export type Bytes = Buffer | undefined;

/** A record as it came. */
export type Received = KafkaMessage<Bytes, Bytes>;

export interface Message {
  readonly key: string | null;
  readonly value: unknown;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export type Handle = (message: Message) => Promise<void> | void;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Not a deserializer of the client: when one of those throws, the whole stream ends. */
export function decode(received: Received): Message {
  const { topic, partition, offset } = received;
  try {
    const key = received.key === undefined ? null : utf8.decode(received.key);
    const value: unknown = received.value === undefined ? null : JSON.parse(utf8.decode(received.value));
    return { key, value, topic, partition, offset };
  } catch (error) {
    throw new Unprocessable("not JSON in UTF-8", { cause: error }); // and not its message, which quotes what came
  }
}
