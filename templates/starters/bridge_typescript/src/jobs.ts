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
import { MissingError } from "./missing.js";
import { MAX_BYTES, type Received } from "./record.js";
import type { Settings } from "./settings.js";

const MAX_ENTRIES = 10; // of one batch: docs.aws.amazon.com, "Amazon SQS message quotas"
const SENDERS = 8;

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

  /** Those that SQS did not take. */
  async send(records: Iterable<Received>): Promise<Set<Received>> {
    const refused = new Set<Received>();
    const waiting = batchesOf(records);
    const lane = async () => {
      for (const batch of waiting) for (const record of await this.#sendBatch(batch)) refused.add(record);
    };
    await Promise.all(Array.from({ length: SENDERS }, lane));
    return refused;
  }

  async #sendBatch(batch: readonly Received[]): Promise<readonly Received[]> {
    const request = new SendMessageBatchCommand({ QueueUrl: this.url, Entries: batch.map(entry) });
    try {
      const { Failed: failed = [] } = await this.client.send(request);
      for (const { Code: code, Message: reason } of failed) {
        log.warn({ code, reason }, "not sent, will be tried again");
      }
      count("sent", batch.length - failed.length);
      const refused = new Set(failed.map(({ Id: id }) => Number(id)));
      return batch.filter((_, number) => refused.has(number));
    } catch (error) {
      log.warn({ jobs: batch.length, error: String(error) }, "not sent, will be tried again");
      return batch;
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
