/** Creates the queue and its dead-letter queue, or brings their attributes up to the settings. Safe to run again. */
import {
  CreateQueueCommand,
  QueueNameExists,
  SetQueueAttributesCommand,
  type QueueAttributeName,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { queueArn, queueUrl, required, sqsClient } from "./client.js";
import { log } from "./log.js";
import { queueDelaySeconds, type Settings } from "./settings.js";
import { subscribe } from "./topic.js";

type Attributes = Partial<Record<QueueAttributeName, string>>;

export async function createQueues(settings: Settings): Promise<void> {
  const client = sqsClient(settings);
  const retention = { MessageRetentionPeriod: String(settings.dead_letter_retention_seconds) };
  const deadLetters = await create(client, settings.dead_letter_queue_name, retention, settings);
  const attributes = attributesOf(settings, await queueArn(client, deadLetters));
  const url = await create(client, settings.queue_name, attributes, settings);
  if (settings.topic_name !== null) await subscribe(client, url, settings.topic_name, settings);
  client.destroy();
}

function attributesOf(settings: Settings, deadLetterArn: string): Attributes {
  const redrive = { deadLetterTargetArn: deadLetterArn, maxReceiveCount: String(settings.max_receive_count) };
  return {
    VisibilityTimeout: String(settings.visibility_timeout_seconds),
    MessageRetentionPeriod: String(settings.message_retention_seconds),
    ReceiveMessageWaitTimeSeconds: String(settings.wait_time_seconds),
    DelaySeconds: String(queueDelaySeconds(settings)),
    RedrivePolicy: JSON.stringify(redrive),
    ...(settings.fifo && { ContentBasedDeduplication: String(settings.content_based_deduplication) }),
    ...(settings.high_throughput_fifo && {
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    }),
  };
}

async function create(
  client: SQSClient,
  name: string,
  attributes: Attributes,
  settings: Settings,
): Promise<string> {
  const kind = settings.fifo ? { FifoQueue: "true" } : {};
  try {
    const command = new CreateQueueCommand({ QueueName: name, Attributes: { ...attributes, ...kind } });
    const { QueueUrl: url } = await client.send(command);
    log.info({ queue: name, attributes }, "there");
    return required(url, "queue URL");
  } catch (error) {
    if (!(error instanceof QueueNameExists)) throw error; // with other attributes
  }
  const url = await queueUrl(client, name);
  await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
  log.warn({ queue: name, attributes }, "attributes changed");
  return url;
}
