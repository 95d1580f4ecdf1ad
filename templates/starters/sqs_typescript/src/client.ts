/** The SQS and SNS clients of this project, and the address of a queue. */
import { SNSClient } from "@aws-sdk/client-sns";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Settings } from "./settings.js";

/** Something that the project needs is not there; the message says how to make it. */
export class MissingError extends Error {
  override name = "MissingError";
}

export function sqsClient(settings: Settings): SQSClient {
  return new SQSClient(configuration(settings));
}

export function snsClient(settings: Settings): SNSClient {
  return new SNSClient(configuration(settings));
}

function configuration(settings: Settings) {
  const { endpoint_url: endpoint, region } = settings;
  return {
    region,
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: (settings.wait_time_seconds + 10) * 1_000, // a long poll is silent for its whole wait
      throwOnRequestTimeout: true, // or else it would only say so, and wait on
      httpAgent: { maxSockets: 2 * settings.worker_count + 1 },
      httpsAgent: { maxSockets: 2 * settings.worker_count + 1 },
    },
    ...(endpoint !== null && { endpoint }),
    // Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
    ...(endpoint?.startsWith("http://") && {
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  };
}

export async function queueUrl(client: SQSClient, name: string): Promise<string> {
  try {
    const { QueueUrl: url } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
    return required(url, "queue URL");
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    throw new MissingError(`no such queue: ${name} (make queues makes it)`, { cause: error });
  }
}

export async function queueArn(client: SQSClient, url: string): Promise<string> {
  const answer = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return required(answer.Attributes?.QueueArn, "queue ARN");
}

/** The SDK's types allow for every field to be absent. */
export function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`SQS answered without a ${what}`);
  return value;
}
