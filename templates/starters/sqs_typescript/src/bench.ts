/**
 * Does a server bear what was assumed? Sends at the assumed rate and size, consumes it all, and compares; in queues
 * of its own (and a topic, if there is one), which it deletes again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteTopicCommand } from "@aws-sdk/client-sns";
import { DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { report, showProgress, type Found } from "./bench-report.js";
import { queueUrl, snsClient, sqsClient } from "./client.js";
import { consume } from "./consumer.js";
import { log } from "./log.js";
import { Producer } from "./producer.js";
import { createQueues } from "./queues.js";
import type { Settings } from "./settings.js";
import { topicArn } from "./topic.js";

const TICK_MS = 100; // what is due within one tick goes out together
const BURST = 100; // and never more, so that a sender that falls behind looks at the clock
const PER_SENDER = 100; // messages a second: one call of ten takes some ten milliseconds, more where order is kept
const SETTLING_SECONDS = 0.5; // the last tick and its confirmations are not counted against the rate
const PATIENCE_MS = 60_000; // for the first message to come through, and for the last
const GROUPS = 100;

/** 0 when the assumptions hold, else 1. */
export async function bench(settings: Settings, seconds: number): Promise<number> {
  log.level = "warn";
  const own = apart(settings);
  const latenciesMs: number[] = [];
  const stop = new AbortController();
  await createQueues(own);
  const consuming = consume(own, ({ body }) => void latenciesMs.push(sinceSent(body)), stop.signal);
  try {
    const measured = measure(own, seconds, latenciesMs);
    const found = await Promise.race([measured, consuming.then(() => measured)]);
    const { holds, text } = report(settings, found, "in flight");
    process.stdout.write(`${text}\n`);
    return holds ? 0 : 1;
  } finally {
    stop.abort();
    await Promise.allSettled([consuming]);
    await deleteAll(own);
  }
}

/** Short polls, so that stopping takes no long one; no delay, since that is no latency of the server. */
function apart(settings: Settings): Settings {
  const named = (name: string) => name.replace(/(\.fifo)?$/, "-bench$1");
  return {
    ...settings,
    queue_name: named(settings.queue_name),
    dead_letter_queue_name: named(settings.dead_letter_queue_name),
    topic_name: settings.topic_name && named(settings.topic_name),
    delay_seconds: 0,
    wait_time_seconds: Math.min(2, settings.wait_time_seconds),
    health_port: 0,
  };
}

async function measure(settings: Settings, seconds: number, latenciesMs: number[]): Promise<Found> {
  const first = await Producer.open(settings);
  await first.send(body(settings), { group: "first" });
  await first.flush();
  if (!(await arrived(1, latenciesMs))) throw new Error("the first message did not come through");
  latenciesMs.length = 0;
  const senders = Math.max(1, Math.min(32, Math.ceil(settings.assumed_messages_per_second / PER_SENDER)));
  const producers = await Promise.all(Array.from({ length: senders }, () => Producer.open(settings)));
  const began = Date.now();
  const sent = await sendFromAll(producers, settings, seconds);
  const took = (Date.now() - began) / 1_000;
  const waiting = sent - latenciesMs.length;
  await arrived(sent, latenciesMs);
  return {
    sent,
    seconds: Math.max(seconds, took - SETTLING_SECONDS),
    waiting,
    arrived: latenciesMs.length,
    latenciesMs,
  };
}

async function sendFromAll(producers: Producer[], settings: Settings, seconds: number): Promise<number> {
  const total = Math.max(1, Math.round(settings.assumed_messages_per_second * seconds));
  const sent = await Promise.all(
    producers.map((producer, sender) => {
      const more = sender < total % producers.length ? 1 : 0;
      return sendShare(producer, settings, seconds, Math.floor(total / producers.length) + more, sender);
    }),
  );
  return sent.reduce((sum, count) => sum + count, 0);
}

/** One sender's share, as many as are due by now, tick by tick. */
async function sendShare(
  producer: Producer,
  settings: Settings,
  seconds: number,
  share: number,
  sender: number,
): Promise<number> {
  const began = Date.now();
  let sent = 0;
  while (sent < share) {
    const passed = (Date.now() - began) / 1_000 / seconds;
    if (passed > 2) break; // half the rate: it does not hold, and nobody need wait for more
    const due = Math.min(share, sent + BURST, Math.floor(passed * share) + 1);
    for (; sent < due; sent++) {
      await producer.send(body(settings), { group: `group-${sender}-${sent % GROUPS}` });
    }
    await producer.flush();
    if (sender === 0) showProgress(sent / share, sent);
    if (sent < share) await sleep(TICK_MS);
  }
  return sent;
}

async function arrived(count: number, latenciesMs: readonly number[]): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while (latenciesMs.length < count && Date.now() < deadline) await sleep(TICK_MS);
  return latenciesMs.length >= count;
}

function body(settings: Settings) {
  const frame = 40; // what JSON and the time take of the assumed size
  return { sent_at: Date.now(), padding: "x".repeat(Math.max(0, settings.assumed_message_bytes - frame)) };
}

function sinceSent(value: unknown): number {
  return Date.now() - (value as { sent_at: number }).sent_at;
}

async function deleteAll(settings: Settings): Promise<void> {
  const client = sqsClient(settings);
  const url = await queueUrl(client, settings.queue_name);
  if (settings.topic_name !== null) {
    const arn = await topicArn(client, url, settings.topic_name);
    await snsClient(settings).send(new DeleteTopicCommand({ TopicArn: arn }));
  }
  for (const name of [settings.queue_name, settings.dead_letter_queue_name]) {
    await client.send(new DeleteQueueCommand({ QueueUrl: await queueUrl(client, name) }));
  }
}
