/** The loop: records come, each goes out as a job, and exactly what SQS took is committed. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Consumer, type MessagesStream } from "@platformatic/kafka";
import { connection, isOfClient, isSignIn, isUnreadable, MissingError } from "./connection.js";
import { DeadLetters } from "./dead-letters.js";
import { Health } from "./health.js";
import { Jobs } from "./jobs.js";
import { log } from "./log.js";
import { count } from "./metrics.js";
import { requireTopics } from "./missing.js";
import { passOn, type Ends } from "./pass-on.js";
import type { Bytes, Received } from "./record.js";
import type { Settings } from "./settings.js";

type Client = Consumer<Bytes, Bytes>;
type Stream = MessagesStream<Bytes, Bytes, Buffer, Buffer>;

const PAUSE_MS = 1_000;
const PATIENCE_MS = 10_000;

/** Return after a stop. A lost connection is begun anew, from what was committed. */
export async function bridge(settings: Settings, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const bridging = bridgeAnew(settings, stop).finally(() => {
    over.abort();
  });
  await Promise.race([bridging, overdue(stop, over.signal)]);
}

/** Resolves where a stop waits for brokers or a queue that do not answer. */
async function overdue(stop: AbortSignal, over: AbortSignal): Promise<void> {
  const either = AbortSignal.any([stop, over]);
  if (!either.aborted) await once(either, "abort");
  await sleep(PATIENCE_MS, undefined, { signal: over }).catch(() => undefined);
  if (!over.aborted) log.warn("what does not answer is not waited for");
}

async function bridgeAnew(settings: Settings, stop: AbortSignal): Promise<void> {
  const jobs = await Jobs.open(settings);
  await requireTopics(settings);
  const deadLetters = new DeadLetters(settings);
  const health = new Health(settings.session_timeout_ms, settings.max_poll_interval_ms);
  const server = health.serve(settings.health_port);
  try {
    while (!stop.aborted) await bridgeAsMember(settings, { jobs, deadLetters, health }, stop);
  } finally {
    server?.close();
    jobs.close();
    await deadLetters.close();
  }
}

/** One membership of the group, until a stop or until the connection is lost. */
async function bridgeAsMember(settings: Settings, ends: Ends, stop: AbortSignal): Promise<void> {
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
    ends.health.beat();
  });
  const over = AbortSignal.any([stop, lost.signal]);
  try {
    client.topics.track(settings.topic); // or else the membership would end with each of its streams
    await client.joinGroup();
    while (!over.aborted) await bridgeGeneration(client, settings, ends, over);
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
    groupId: settings.bridge_group,
    autocommit: false,
    sessionTimeout: settings.session_timeout_ms,
    rebalanceTimeout: settings.max_poll_interval_ms,
    heartbeatInterval: Math.min(3_000, Math.floor(settings.session_timeout_ms / 3)),
    highWaterMark: settings.max_poll_records,
  });
}

/**
 * Until the group shares out its partitions again. A stream would go on with records of partitions that are
 * another bridge's by then, so each generation has a stream of its own, from what was committed.
 */
async function bridgeGeneration(
  client: Client,
  settings: Settings,
  ends: Ends,
  over: AbortSignal,
): Promise<void> {
  const { topic, max_poll_records: most } = settings;
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
      if (ended.signal.aborted) continue; // records before these may be left
      count("received", batch.length);
      await commit(client, topic, await passOn(batch, ends, ended.signal));
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

/** Partitions that went to another bridge are its to commit. */
async function commit(client: Client, topic: string, done: ReadonlyMap<number, bigint>): Promise<void> {
  const mine = new Set(client.assignments?.find((assigned) => assigned.topic === topic)?.partitions);
  const offsets = [...done]
    .filter(([partition]) => mine.has(partition))
    .map(([partition, offset]) => ({ topic, partition, offset: offset + 1n, leaderEpoch: -1 }));
  if (offsets.length > 0) await client.commit({ offsets });
}
