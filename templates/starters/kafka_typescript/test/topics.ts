/** Each test gets topics and a group of its own, on whatever broker the settings or the environment name. */
import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, Consumer } from "@platformatic/kafka";
import { connection } from "../src/connection.js";
import { consume } from "../src/consumer.js";
import type { Bytes, Handle, Received } from "../src/message.js";
import { Producer } from "../src/producer.js";
import { loadSettings, type Settings } from "../src/settings.js";
import { createTopics } from "../src/topics.js";

const PATIENCE_MS = 30_000;

export async function ownTopics(context: TestContext): Promise<Settings> {
  const name = `test-${randomUUID()}`;
  const settings: Settings = {
    ...loadSettings(),
    topic: name,
    dead_letter_topic: `${name}.dead-letters`,
    consumer_group: name,
    partitions: 3,
    retry_backoff_ms: 1,
    session_timeout_ms: Number(process.env["SESSION_TIMEOUT_MS"] ?? 6_000),
    health_port: 0,
  };
  await createTopics(settings);
  context.after(async () => {
    const admin = new Admin(connection(settings));
    await admin.deleteTopics({ topics: [settings.topic, settings.dead_letter_topic] });
    await admin.close();
  });
  return settings;
}

export async function sendAll(settings: Settings, ...pairs: [string, unknown][]): Promise<void> {
  const producer = new Producer(settings);
  await Promise.all(pairs.map(([key, value]) => producer.send(key, value)));
  await producer.close();
}

/** Run the consumer as the process would run it, until enough was seen. */
export async function consumeUntil(
  settings: Settings,
  handle: Handle,
  isEnough: () => boolean,
): Promise<void> {
  const stop = new AbortController();
  const consuming = consume(settings, handle, stop.signal);
  const deadline = Date.now() + PATIENCE_MS;
  const watching = (async () => {
    while (!isEnough()) {
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

export async function readFirst(settings: Settings, topic: string): Promise<Received> {
  const group = `${settings.consumer_group}-readers`;
  const consumer = new Consumer<Bytes, Bytes, Buffer, Buffer>({ ...connection(settings), groupId: group });
  try {
    const stream = await consumer.consume({ topics: [topic], mode: "earliest" });
    for await (const received of stream) return received;
    throw new Error(`nothing in ${topic}`);
  } finally {
    await consumer.close();
  }
}
