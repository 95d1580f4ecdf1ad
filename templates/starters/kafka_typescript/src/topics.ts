/** Creates the topic and its dead-letter topic. Safe to run again; never changes a topic that is there. */
import { setTimeout as sleep } from "node:timers/promises";
import { Admin } from "@platformatic/kafka";
import { connection, isOfClient, MissingError } from "./connection.js";
import { log } from "./log.js";
import type { Settings } from "./settings.js";

const PATIENCE_MS = 15_000;

interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly cleanupPolicy: string;
  readonly retentionMs: number;
  readonly maxRecordBytes: number;
}

function wanted(settings: Settings): Topic[] {
  return [
    {
      name: settings.topic,
      partitions: settings.partitions,
      cleanupPolicy: settings.cleanup_policy,
      retentionMs: settings.retention_ms,
      maxRecordBytes: settings.max_record_bytes,
    },
    {
      name: settings.dead_letter_topic,
      partitions: settings.dead_letter_partitions,
      cleanupPolicy: "delete", // each is a failure of its own, whatever its key
      retentionMs: settings.dead_letter_retention_ms,
      maxRecordBytes: settings.dead_letter_max_record_bytes,
    },
  ];
}

export async function createTopics(settings: Settings): Promise<void> {
  await withAdmin(settings, async (admin) => {
    const copies = await possibleCopies(admin, settings);
    for (const topic of wanted(settings)) await create(admin, topic, copies, settings);
  });
}

/** A consumer of a topic that is not there would wait for ever, a producer for long, and in silence. */
export async function requireTopics(settings: Settings, ...topics: string[]): Promise<void> {
  const existing = await withAdmin(settings, (admin) => admin.listTopics());
  const missing = topics.filter((topic) => !existing.includes(topic));
  if (missing.length > 0)
    throw new MissingError(`no such topic: ${missing.join(", ")} (make topics makes them)`);
}

async function withAdmin<Answer>(
  settings: Settings,
  ask: (admin: Admin) => Promise<Answer>,
): Promise<Answer> {
  const admin = new Admin(connection(settings));
  try {
    return await ask(admin);
  } finally {
    await admin.close();
  }
}

async function create(admin: Admin, topic: Topic, copies: number, settings: Settings): Promise<void> {
  const { name, partitions } = topic;
  const configs = [
    { name: "cleanup.policy", value: topic.cleanupPolicy },
    { name: "retention.ms", value: String(topic.retentionMs) },
    { name: "retention.bytes", value: "-1" }, // by time alone: some clusters cut partitions at a size of their own
    { name: "max.message.bytes", value: String(topic.maxRecordBytes) },
  ];
  // Some clusters decide it, and let no topic do so.
  if (settings.min_insync_replicas > 0)
    configs.push({
      name: "min.insync.replicas",
      value: String(Math.min(settings.min_insync_replicas, copies)),
    });
  try {
    await admin.createTopics({ topics: [name], partitions, replicas: copies, configs });
    await waitUntilKnown(admin, name);
    log.info({ topic: name, partitions, copies, configs }, "created");
  } catch (error) {
    if (!isOfClient(error) || error.findBy("apiId", "TOPIC_ALREADY_EXISTS") === null) throw error;
    await compare(admin, topic);
  }
}

/** A topic is created before all brokers know it. */
async function waitUntilKnown(admin: Admin, name: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await admin.listTopics()).includes(name)) {
    if (Date.now() > deadline)
      throw new MissingError(`${name}: created, but not known to the brokers after ${PATIENCE_MS / 1000} s`);
    await sleep(50);
  }
}

async function possibleCopies(admin: Admin, settings: Settings): Promise<number> {
  const { brokers } = await admin.metadata({});
  if (brokers.size >= settings.replication_factor) return settings.replication_factor;
  log.warn(
    { copies: brokers.size, asked: settings.replication_factor },
    "fewer brokers than copies asked for",
  );
  return brokers.size;
}

/** Only say so: more partitions would send a key's next records to another partition, and so lose its order. */
async function compare(admin: Admin, { name, partitions: asked }: Topic): Promise<void> {
  const { topics } = await admin.metadata({ topics: [name] });
  const partitions = topics.get(name)?.partitionsCount;
  const level = partitions === asked ? "info" : "warn";
  log[level]({ topic: name, partitions }, "there already");
}
