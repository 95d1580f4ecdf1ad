/** Records as jobs: sent in batches, several at a time. */
import {
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SQSClient,
  type SendMessageBatchRequestEntry,
} from "@aws-sdk/client-sqs";
import { log } from "./log.js";
import { count } from "./metrics.js";
import { MissingError } from "./connection.js";
import { MAX_BYTES, type Received } from "./record.js";
import type { Settings } from "./settings.js";

const MAX_ENTRIES = 10; // of one batch: docs.aws.amazon.com, "Amazon SQS message quotas"
const SENDERS = 8;

/** Of what was sent: those to be tried again, and with their reasons those that SQS will never take. */
export interface Outcome {
  readonly left: Set<Received>;
  readonly never: Map<Received, string>;
}

export class Jobs {
  private constructor(
    private readonly client: SQSClient,
    private readonly url: string | undefined,
  ) {}

  static async open(settings: Settings): Promise<Jobs> {
    const client = sqsClient(settings);
    try {
      const { QueueUrl: url } = await client.send(new GetQueueUrlCommand({ QueueName: settings.queue_name }));
      return new Jobs(client, url);
    } catch (error) {
      if (!(error instanceof QueueDoesNotExist)) throw error;
      throw new MissingError(`no such queue: ${settings.queue_name} (make queues, in the SQS project)`);
    }
  }

  async send(records: Iterable<Received>): Promise<Outcome> {
    const outcome: Outcome = { left: new Set(), never: new Map() };
    const waiting = batchesOf(records);
    const lane = async () => {
      for (const batch of waiting) await this.#sendBatch(batch, outcome);
    };
    await Promise.all(Array.from({ length: SENDERS }, lane));
    return outcome;
  }

  async #sendBatch(batch: readonly Received[], { left, never }: Outcome): Promise<void> {
    const request = new SendMessageBatchCommand({ QueueUrl: this.url, Entries: batch.map(entry) });
    try {
      const { Failed: failed = [] } = await this.client.send(request);
      for (const { Id: id, Code: code, Message: reason = "", SenderFault: isOurs } of failed) {
        const record = batch[Number(id)];
        if (record === undefined) continue;
        if (isOurs) {
          never.set(record, `SQS refused it: ${code}: ${reason}`); // as above the queue's own MaximumMessageSize
          continue;
        }
        left.add(record);
        log.warn({ code, reason }, "not sent, will be tried again");
      }
      count("sent", batch.length - failed.length);
    } catch (error) {
      log.warn({ jobs: batch.length, error: String(error) }, "not sent, will be tried again");
      for (const record of batch) left.add(record);
    }
  }

  close(): void {
    this.client.destroy();
  }
}

/** The job of a record: this is the function to edit where a job is not the record as it is. */
function entry({ value }: Received, number: number): SendMessageBatchRequestEntry {
  return { Id: String(number), MessageBody: value?.toString() };
}

function* batchesOf(records: Iterable<Received>): Generator<Received[]> {
  let batch: Received[] = [];
  let bytes = 0;
  for (const record of records) {
    const length = record.value?.length ?? 0;
    if (batch.length === MAX_ENTRIES || bytes + length > MAX_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}

export function sqsClient({ endpoint_url: endpoint, region }: Settings): SQSClient {
  return new SQSClient({
    region,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true, // or else it would only say so, and wait on
      httpAgent: { maxSockets: SENDERS },
      httpsAgent: { maxSockets: SENDERS },
    },
    ...(endpoint !== null && { endpoint }),
    // Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
    ...(endpoint?.startsWith("http://") && {
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  });
}
