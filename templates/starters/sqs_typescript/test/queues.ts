/** Each test gets queues of its own, on whatever server the settings or the environment name, and removes them. */
import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { queueUrl, sqsClient } from "../src/client.js";
import { consume } from "../src/consumer.js";
import type { Handle } from "../src/message.js";
import { Producer } from "../src/producer.js";
import { createQueues } from "../src/queues.js";
import { loadSettings, type Settings } from "../src/settings.js";

const PATIENCE_MS = 30_000;

export async function ownQueues(context: TestContext, { fifo = false } = {}): Promise<Settings> {
  const [name, ending] = [`test-${randomUUID()}`, fifo ? ".fifo" : ""];
  const settings: Settings = {
    ...loadSettings(),
    queue_name: name + ending,
    dead_letter_queue_name: `${name}-dead${ending}`,
    topic_name: null,
    fifo,
    content_based_deduplication: false,
    high_throughput_fifo: false,
    delay_seconds: 0,
    wait_time_seconds: 1,
    max_receive_count: 3,
    visibility_timeout_seconds: 3,
    worker_count: 2,
    health_port: 0,
  };
  await createQueues(settings);
  context.after(() => deleteQueues(settings));
  return settings;
}

async function deleteQueues(settings: Settings): Promise<void> {
  const client = sqsClient(settings);
  for (const name of [settings.queue_name, settings.dead_letter_queue_name]) {
    await client.send(new DeleteQueueCommand({ QueueUrl: await queueUrl(client, name) }));
  }
}

export async function sendAll(settings: Settings, ...bodies: unknown[]): Promise<void> {
  const producer = await Producer.open(settings);
  for (const body of bodies) await producer.send(body, { group: "g" });
  await producer.flush();
}

/** Run the consumer as the process would run it, until enough was seen. */
export async function consumeUntil(
  settings: Settings,
  handle: Handle,
  isEnough: () => boolean | Promise<boolean>,
): Promise<void> {
  const stop = new AbortController();
  const consuming = consume(settings, handle, stop.signal);
  const deadline = Date.now() + PATIENCE_MS;
  const watching = (async () => {
    while (!(await isEnough())) {
      if (Date.now() > deadline) throw new Error("not enough was seen in time");
      await sleep(50);
    }
  })();
  try {
    await Promise.race([watching, consuming]);
  } finally {
    stop.abort();
    await consuming;
  }
  await watching;
}

/** How many messages wait or are in somebody's hand. */
export async function leftIn(settings: Settings, name: string): Promise<number> {
  const client = sqsClient(settings);
  const { Attributes: attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: await queueUrl(client, name),
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
}

export async function deadLetter(settings: Settings) {
  const client = sqsClient(settings);
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: await queueUrl(client, settings.dead_letter_queue_name),
      WaitTimeSeconds: 5,
      MessageAttributeNames: ["All"],
    }),
  );
  const attributes = Object.entries(messages[0]?.MessageAttributes ?? {});
  return {
    body: messages[0]?.Body,
    attributes: Object.fromEntries(attributes.map(([name, { StringValue: text }]) => [name, text])),
  };
}
