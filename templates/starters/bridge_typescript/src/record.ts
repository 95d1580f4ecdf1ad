/** A record as it came, and whether SQS would ever take it. */
import type { Message } from "@platformatic/kafka";

export type Bytes = Buffer | undefined;
export type Received = Message<Bytes, Bytes>;

// Of one batch, and so of one message: docs.aws.amazon.com, "Amazon SQS message quotas".
export const MAX_BYTES = 1_048_576;
// What SQS takes: docs.aws.amazon.com, API reference of Amazon SQS, SendMessage.
const TEXT = /^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Undefined for what a queue may take: text, some of it, and of at most a mebibyte. */
export function whyNever({ value }: Received): string | undefined {
  if (value === undefined || value.length === 0) return "SQS takes no empty message";
  if (value.length > MAX_BYTES) return `${value.length} bytes are more than SQS takes`;
  if (!isText(value)) return "SQS takes text in UTF-8 without control characters";
  return undefined;
}

function isText(value: Buffer): boolean {
  try {
    return TEXT.test(utf8.decode(value));
  } catch {
    return false;
  }
}
