/** Consumes messages: handles, then deletes, in several workers that poll for long. */
import { ReceiveMessageCommand, type Message as Received, type SQSClient } from "@aws-sdk/client-sqs";
import { finish, type Surroundings } from "./attempts.js";
import { queueUrl, sqsClient } from "./client.js";
import { DeadLetters } from "./dead-letters.js";
import { Health } from "./health.js";
import { Hold } from "./hold.js";
import type { Handle } from "./message.js";
import { count } from "./metrics.js";
import type { Settings } from "./settings.js";

/** Return after a stop; throw what ended a worker, after stopping the others. */
export async function consume(settings: Settings, handle: Handle, stop: AbortSignal): Promise<void> {
  const client = sqsClient(settings);
  const health = new Health(1_000 * (settings.wait_time_seconds + settings.visibility_timeout_seconds + 30));
  const server = health.serve(settings.health_port);
  const failed = new AbortController();
  const either = AbortSignal.any([stop, failed.signal]);
  const work = async (): Promise<void> => {
    try {
      await receiveUntil(either, client, settings, handle, health);
    } catch (error) {
      failed.abort(error);
    }
  };
  try {
    await Promise.all(Array.from({ length: settings.worker_count }, work));
    failed.signal.throwIfAborted();
  } finally {
    server?.close();
    client.destroy();
  }
}

async function receiveUntil(
  stop: AbortSignal,
  client: SQSClient,
  settings: Settings,
  handle: Handle,
  health: Health,
): Promise<void> {
  const url = await queueUrl(client, settings.queue_name);
  const deadLetters = await DeadLetters.open(client, settings);
  const surroundings: Surroundings = { settings, handle, deadLetters, stop };
  const receive = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: settings.batch_size,
    WaitTimeSeconds: settings.wait_time_seconds,
    VisibilityTimeout: settings.visibility_timeout_seconds,
    MessageSystemAttributeNames: ["ApproximateReceiveCount", "MessageGroupId"],
    MessageAttributeNames: ["All"],
  });
  const beat = () => {
    health.beat();
  };
  while (!stop.aborted) {
    beat();
    // Not cut short by a stop: what SQS had just handed over would stay invisible until its timeout.
    const { Messages: messages = [] } = await client.send(receive);
    count("received", messages.length);
    await using hold = new Hold(client, url, messages, settings.visibility_timeout_seconds, beat);
    await finishAll(messages, hold, surroundings);
  }
}

/** A stop leaves the rest of them, for the hold to give back. */
async function finishAll(messages: Received[], hold: Hold, surroundings: Surroundings): Promise<void> {
  for (const message of messages) {
    if (surroundings.stop.aborted) return;
    await finish(message, hold, surroundings);
  }
}
