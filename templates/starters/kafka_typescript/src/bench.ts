/**
 * Does a broker bear what was assumed? Sends at the assumed rate and size, consumes it all, and compares; in topics
 * of its own, which it deletes again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { report, showProgress, type Found } from "./bench-report.js";
import { connection } from "./connection.js";
import { consume } from "./consumer.js";
import { log } from "./log.js";
import { Producer } from "./producer.js";
import type { Settings } from "./settings.js";
import { createTopics } from "./topics.js";

const TICK_MS = 50; // what is due within one tick goes out together
const SETTLING_SECONDS = 0.5; // the last tick and its confirmations are not counted against the rate
const PATIENCE_MS = 60_000; // for the first record to come through, and for the last
const KEYS = 1_000;

/** 0 when the assumptions hold, else 1. */
export async function bench(settings: Settings, seconds: number): Promise<number> {
  log.level = "warn";
  const own = apart(settings);
  const latenciesMs: number[] = [];
  const stop = new AbortController();
  await createTopics(own);
  const consuming = consume(own, ({ value }) => void latenciesMs.push(sinceSent(value)), stop.signal);
  try {
    const measured = measure(own, seconds, latenciesMs);
    const found = await Promise.race([measured, consuming.then(() => measured)]);
    const { holds, text } = report(settings, found, "lag");
    process.stdout.write(`${text}\n`);
    return holds ? 0 : 1;
  } finally {
    stop.abort();
    await Promise.allSettled([consuming]);
    await deleteTopics(own);
  }
}

function apart(settings: Settings): Settings {
  return {
    ...settings,
    topic: `${settings.topic}-bench`,
    dead_letter_topic: `${settings.dead_letter_topic}-bench`,
    consumer_group: `${settings.consumer_group}-bench`,
    health_port: 0,
  };
}

async function measure(settings: Settings, seconds: number, latenciesMs: number[]): Promise<Found> {
  const producer = new Producer(settings);
  await producer.send("first", body(settings));
  if (!(await arrived(1, latenciesMs))) throw new Error("the first record did not come through");
  latenciesMs.length = 0;
  const began = Date.now();
  const sent = await produce(producer, settings, seconds);
  const took = (Date.now() - began) / 1_000;
  const waiting = sent - latenciesMs.length;
  await producer.close();
  await arrived(sent, latenciesMs);
  return {
    sent,
    seconds: Math.max(seconds, took - SETTLING_SECONDS),
    waiting,
    arrived: latenciesMs.length,
    latenciesMs,
  };
}

/** As many as are due by now, tick by tick. */
async function produce(producer: Producer, settings: Settings, seconds: number): Promise<number> {
  const total = Math.max(1, Math.round(settings.assumed_messages_per_second * seconds));
  const began = Date.now();
  let sent = 0;
  while (sent < total) {
    const share = (Date.now() - began) / 1_000 / seconds;
    if (share > 2) break; // half the rate: it does not hold, and nobody need wait for more
    const due = Math.min(total, Math.floor(share * total) + 1);
    const unconfirmed: Promise<void>[] = [];
    for (; sent < due; sent++) unconfirmed.push(producer.send(`key-${sent % KEYS}`, body(settings)));
    await Promise.all(unconfirmed);
    showProgress(sent / total, sent);
    if (sent < total) await sleep(TICK_MS);
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

async function deleteTopics(settings: Settings): Promise<void> {
  const admin = new Admin(connection(settings));
  await admin.deleteTopics({ topics: [settings.topic, settings.dead_letter_topic] });
  await admin.close();
}
