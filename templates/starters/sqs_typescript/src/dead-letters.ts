/** Sets messages aside that cannot be handled: unchanged, with the reason in the message attributes. */
import {
  SendMessageCommand,
  SQSServiceException,
  type Message as Received,
  type MessageAttributeValue,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { queueUrl } from "./client.js";
import { log } from "./log.js";
import { idOf } from "./message.js";
import { count } from "./metrics.js";
import type { Settings } from "./settings.js";

const MAX_REASON = 500;
const MAX_ATTRIBUTES = 10; // of one message: docs.aws.amazon.com, "Amazon SQS message metadata"

/** SQS's own redrive stays as the net for consumers that die; it knows no reason, so this comes before it. */
export class DeadLetters {
  private constructor(
    private readonly client: SQSClient,
    private readonly url: string,
    private readonly fifo: boolean,
  ) {}

  static async open(client: SQSClient, settings: Settings): Promise<DeadLetters> {
    return new DeadLetters(client, await queueUrl(client, settings.dead_letter_queue_name), settings.fifo);
  }

  /** Return only when SQS has it: the caller deletes the original next. */
  async add(received: Received, error: unknown, attempts: number): Promise<void> {
    const reason = printable(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    const ours = {
      DeadLetterReason: attribute(reason),
      DeadLetterAttempts: attribute(String(attempts)),
      DeadLetterMessageId: attribute(idOf(received)),
    };
    // Theirs, but not what an earlier failure added.
    const theirs = Object.entries(received.MessageAttributes ?? {}).filter(([name]) => !(name in ours));
    const attributes = [...theirs, ...Object.entries(ours)].slice(0, MAX_ATTRIBUTES);
    const id = await this.#send(received, Object.fromEntries(attributes)).catch((refused: unknown) => {
      if (!isInvalid(refused)) throw refused;
      // Attributes count toward the size: so near the limit only what was received fits. The log has the rest.
      return this.#send(received, received.MessageAttributes);
    });
    count("dead_lettered");
    log.error({ id: idOf(received), dead_letter_id: id, reason, attempts }, "set aside");
  }

  async #send(received: Received, attributes: Received["MessageAttributes"]): Promise<string | undefined> {
    const sent = await this.client.send(
      new SendMessageCommand({
        QueueUrl: this.url,
        MessageBody: received.Body,
        MessageAttributes: attributes,
        ...(this.fifo && {
          MessageGroupId: received.Attributes?.MessageGroupId,
          MessageDeduplicationId: idOf(received),
        }),
      }),
    );
    return sent.MessageId;
  }
}

function isInvalid(error: unknown): boolean {
  return error instanceof SQSServiceException && error.name.startsWith("InvalidParameterValue");
}

function attribute(text: string): MessageAttributeValue {
  return { DataType: "String", StringValue: text };
}

/** SQS refuses control characters, and half letters. */
function printable(text: string): string {
  return text.toWellFormed().replace(/\p{C}/gu, " ").slice(0, MAX_REASON).toWellFormed();
}
