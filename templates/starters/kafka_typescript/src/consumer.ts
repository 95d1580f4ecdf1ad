/** Consumes records: handles, then commits, and commits exactly what was handled. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Consumer, FetchIsolationLevels, type MessagesStream } from "@platformatic/kafka";
import { handleBatch, type Surroundings } from "./batch.js";
import { connection, isOfClient, isSignIn, isUnreadable, MissingError } from "./connection.js";
import { DeadLetters } from "./dead-letters.js";
import { Health } from "./health.js";
import { log } from "./log.js";
import type { Bytes, Handle, Received } from "./message.js";
import { count } from "./metrics.js";
import type { Settings } from "./settings.js";

type Client = Consumer<Bytes, Bytes>;
type Stream = MessagesStream<Bytes, Bytes, Buffer, Buffer>;

const PAUSE_MS = 1_000;
const PATIENCE_MS = 5_000;

/** Return after a stop. A lost connection is begun anew, from what was committed. */
export async function consume(settings: Settings, handle: Handle, stop: AbortSignal): Promise<void> {
  const health = new Health(settings.session_timeout_ms, settings.max_poll_interval_ms);
  const over = new AbortController();
  const consuming = consumeAnew(settings, handle, stop, health).finally(() => {
    over.abort();
  });
  await Promise.race([consuming, overdue(stop, health, over.signal)]);
}

/** Resolves where a stop waits for brokers alone, and they do not answer. */
async function overdue(stop: AbortSignal, health: Health, over: AbortSignal): Promise<void> {
  const either = AbortSignal.any([stop, over]);
  if (!either.aborted) await once(either, "abort");
  do await sleep(PATIENCE_MS, undefined, { signal: over }).catch(() => undefined);
  while (health.isBusy && !over.aborted);
  if (!over.aborted) log.warn("the brokers do not answer, and are not waited for");
}

async function consumeAnew(
  settings: Settings,
  handle: Handle,
  stop: AbortSignal,
  health: Health,
): Promise<void> {
  const deadLetters = new DeadLetters(settings);
  const server = health.serve(settings.health_port);
  try {
    while (!stop.aborted) {
      await consumeAsMember({ settings, handle, deadLetters, health }, stop);
    }
  } finally {
    server?.close();
    await deadLetters.close();
  }
}

/** One membership of the group, until a stop or until the connection is lost. */
async function consumeAsMember(surroundings: Surroundings, stop: AbortSignal): Promise<void> {
  const { settings, health } = surroundings;
  const client = connect(settings);
  const lost = new AbortController();
  // This client sends no more heartbeats after one that failed, and so would lose its partitions unnoticed.
  client.on("consumer:heartbeat:error", ({ error }) => {
    lost.abort(error);
  });
  client.on("error", (error: Error) => {
    lost.abort(error);
  });
  client.on("consumer:heartbeat:end", () => {
    health.beat();
  });
  const over = AbortSignal.any([stop, lost.signal]);
  try {
    client.topics.track(settings.topic); // or else the membership would end with each of its streams
    await client.joinGroup();
    while (!over.aborted) await consumeGeneration(client, surroundings, over);
    if (!stop.aborted) throw lost.signal.reason;
  } catch (error) {
    if (!isOfClient(error) || isSignIn(error)) throw error;
    if (isUnreadable(error))
      throw new MissingError(
        `${settings.topic} has a record compressed in a way that is not read here: README.md, “What others compressed”`,
        { cause: error },
      );
    log.warn({ error: String(error) }, "connection lost, will be begun anew");
    await sleep(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
  } finally {
    await client.close().catch((error: unknown) => {
      log.warn({ error: String(error) }, "the group was not left; it will notice by itself");
    });
  }
}

function connect(settings: Settings): Client {
  return new Consumer<Bytes, Bytes, Buffer, Buffer>({
    ...connection(settings),
    groupId: settings.consumer_group,
    autocommit: false,
    isolationLevel: FetchIsolationLevels.READ_COMMITTED, // what a transaction took back was never sent
    sessionTimeout: settings.session_timeout_ms,
    rebalanceTimeout: settings.max_poll_interval_ms,
    heartbeatInterval: Math.min(3_000, Math.floor(settings.session_timeout_ms / 3)),
    highWaterMark: settings.max_poll_records,
  });
}

/**
 * Until the group shares out its partitions again. A stream would go on with records of partitions that are
 * another consumer's by then, so each generation has a stream of its own, from what was committed.
 */
async function consumeGeneration(
  client: Client,
  surroundings: Surroundings,
  over: AbortSignal,
): Promise<void> {
  const { topic, max_poll_records: most } = surroundings.settings;
  const stream = await client.consume({ topics: [topic], mode: "committed", fallbackMode: "earliest" });
  const ended = new AbortController();
  const end = () => {
    ended.abort();
    void stream.close();
  };
  client.once("consumer:group:join", end);
  over.addEventListener("abort", end, { once: true });
  if (over.aborted) end();
  try {
    for await (const batch of batchesOf(stream, most)) {
      count("received", batch.length);
      await commit(client, topic, await handleBatch(batch, surroundings, ended.signal));
    }
  } finally {
    client.off("consumer:group:join", end);
    over.removeEventListener("abort", end);
    await stream.close();
  }
}

/** What has arrived already, up to so many records, and never waiting for more. */
async function* batchesOf(stream: Stream, most: number): AsyncGenerator<Received[]> {
  let batch: Received[] = [];
  for await (const received of stream) {
    batch.push(received);
    if (batch.length < most && stream.readableLength > 0) continue;
    yield batch;
    batch = [];
  }
}

/** Partitions that went to another consumer are its to commit. */
async function commit(client: Client, topic: string, handled: ReadonlyMap<number, bigint>): Promise<void> {
  const mine = new Set(client.assignments?.find((assigned) => assigned.topic === topic)?.partitions);
  const offsets = [...handled]
    .filter(([partition]) => mine.has(partition))
    .map(([partition, offset]) => ({ topic, partition, offset: offset + 1n, leaderEpoch: -1 }));
  if (offsets.length > 0) await client.commit({ offsets });
}
