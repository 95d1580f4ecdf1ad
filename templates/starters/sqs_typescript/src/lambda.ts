/**
 * AWS Lambda's way in: your handler gets each message of a batch, and those that are to come again are
 * returned. Lambda polls, deletes what is not returned, and gets the rest again after the visibility timeout, so
 * nothing here does. Its event source mapping must have ReportBatchItemFailures: without that, what is returned
 * is deleted as well.
 */
import type { Message as Received, MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { Surroundings } from "./attempts.js";
import { sqsClient } from "./client.js";
import { DeadLetters } from "./dead-letters.js";
import { handle } from "./handler.js";
import { log } from "./log.js";
import { decode, idOf, receiveCount, Unprocessable } from "./message.js";
import { count } from "./metrics.js";
import { loadSettings } from "./settings.js";

type Kept = Omit<Surroundings, "stop">;

/** What is read of one message. */
interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, Value>>;
}

interface Value {
  readonly dataType: string;
  readonly stringValue?: string | null;
  readonly binaryValue?: string | null;
}

export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

let kept: Kept | undefined;

/** What Lambda calls, for one batch at a time. */
export async function handler(event: SqsEvent): Promise<BatchResponse> {
  kept ??= await start();
  return handleBatch(event, kept);
}

/** In a FIFO queue a message that comes again takes those of its group behind it along, so that order is kept. */
export async function handleBatch(event: SqsEvent, kept: Kept): Promise<BatchResponse> {
  count("received", event.Records.length);
  const failed: string[] = [];
  const waiting = new Set<string>();
  for (const received of event.Records.map(asReceived)) {
    const group = kept.settings.fifo ? (received.Attributes?.MessageGroupId ?? "") : "";
    if (waiting.has(group) || !(await isDone(received, kept))) {
      failed.push(idOf(received));
      if (group) waiting.add(group);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Once for all batches that this copy of the function gets; a function is always deployed. */
async function start(): Promise<Kept> {
  const settings = loadSettings({ DEPLOYED: "true", ...process.env });
  return { settings, handle, deadLetters: await DeadLetters.open(sqsClient(settings), settings) };
}

/** Handled or set aside. */
async function isDone(received: Received, { settings, handle, deadLetters }: Kept): Promise<boolean> {
  const attempt = receiveCount(received);
  try {
    try {
      await handle(decode(received));
      count("handled");
    } catch (error) {
      if (!(error instanceof Unprocessable) && attempt < settings.max_receive_count) throw error;
      await deadLetters.add(received, error, attempt);
    }
  } catch (error) {
    count("retried"); // the handler's, or nothing could be set aside
    log.warn({ id: idOf(received), attempt, error: String(error) }, "failed, will be tried again");
    return false;
  }
  return true;
}

/** The same message as SQS itself has it; Lambda writes other names, and bytes as base64. */
function asReceived(record: SqsRecord): Received {
  const attributes = Object.entries(record.messageAttributes).map(([name, value]) => [name, asSent(value)]);
  return {
    MessageId: record.messageId,
    Body: record.body,
    Attributes: record.attributes,
    MessageAttributes: Object.fromEntries(attributes) as Record<string, MessageAttributeValue>,
  };
}

function asSent({ dataType, stringValue, binaryValue }: Value): MessageAttributeValue {
  return typeof binaryValue === "string"
    ? { DataType: dataType, BinaryValue: Buffer.from(binaryValue, "base64") }
    : { DataType: dataType, StringValue: stringValue ?? "" };
}
