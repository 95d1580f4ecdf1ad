/** Each test gets a topic, a group and a queue of its own, on whatever servers the settings or the environment name. */
import { randomUUID } from "node:crypto";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { Admin, Consumer, Producer } from "@platformatic/kafka";
import { bridge } from "../src/bridge.js";
import { connection } from "../src/connection.js";
import { sqsClient } from "../src/jobs.js";
import type { Bytes, Received } from "../src/record.js";
import { loadSettings, type Settings } from "../src/settings.js";

const PATIENCE_MS = 30_000;

export class Ends {
  readonly sqs;
  #url: string | undefined;

  private constructor(readonly settings: Settings) {
    this.sqs = sqsClient(settings);
  }

  static async open(context: TestContext): Promise<Ends> {
    const name = `test-${randomUUID()}`;
    const ends = new Ends({
      ...loadSettings(),
      topic: name,
      dead_letter_topic: `${name}.dead-letters`,
      bridge_group: name,
      queue_name: name,
      session_timeout_ms: Number(process.env["SESSION_TIMEOUT_MS"] ?? 6_000),
      health_port: 0,
    });
    const topics = [name, ends.settings.dead_letter_topic];
    await ends.withAdmin(async (admin) => {
      await admin.createTopics({ topics, partitions: 3, replicas: 1 });
      for (let known: string[] = []; !topics.every((topic) => known.includes(topic));) {
        await sleep(50); // a broker hears of them a moment later
        known = await admin.listTopics();
      }
    });
    await ends.createQueue();
    context.after(async () => {
      await ends.deleteQueue();
      await ends.withAdmin((admin) => admin.deleteTopics({ topics }));
    });
    return ends;
  }

  async withAdmin<Answer>(ask: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    const admin = new Admin(connection(this.settings));
    try {
      return await ask(admin);
    } finally {
      await admin.close();
    }
  }

  async createQueue(): Promise<void> {
    const { QueueUrl: url } = await this.sqs.send(
      new CreateQueueCommand({ QueueName: this.settings.queue_name }),
    );
    this.#url = url;
  }

  async deleteQueue(): Promise<void> {
    await this.sqs.send(new DeleteQueueCommand({ QueueUrl: this.#url }));
  }

  async produce(...values: (string | Buffer | undefined)[]): Promise<void> {
    const producer = new Producer<Bytes, Bytes>({ ...connection(this.settings), compression: "gzip" });
    const headers = new Map([[Buffer.from("trace"), Buffer.from("1")]]);
    for (const each of values) {
      const value = typeof each === "string" ? Buffer.from(each) : each;
      const message = { topic: this.settings.topic, key: Buffer.from("k"), value, headers };
      await producer.send({ messages: [message] });
    }
    await producer.close();
  }

  /** Bridge as the process would, until so many jobs were taken from the queue. */
  async bridge(count: number): Promise<string[]> {
    const stop = new AbortController();
    const bridging = bridge(this.settings, stop.signal);
    const taking = this.take(count);
    try {
      await Promise.race([taking, bridging]);
    } finally {
      stop.abort();
      await bridging;
    }
    return await taking;
  }

  /** So many jobs from the queue, in the order of their text. */
  async take(count: number): Promise<string[]> {
    const jobs: string[] = [];
    for (const deadline = Date.now() + PATIENCE_MS; jobs.length < count;) {
      if (Date.now() > deadline) throw new Error(`only ${jobs.length} jobs came in time`);
      const { Messages: messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: this.#url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body: body = "", ReceiptHandle: receipt } of messages) {
        jobs.push(body);
        await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receipt }));
      }
    }
    return jobs.sort();
  }

  async setAside(count: number): Promise<Received[]> {
    const { dead_letter_topic: topic, bridge_group: group } = this.settings;
    const reader = new Consumer<Bytes, Bytes, Buffer, Buffer>({
      ...connection(this.settings),
      groupId: `${group}-readers`,
    });
    const records: Received[] = [];
    const stream = await reader.consume({ topics: [topic], mode: "earliest" });
    const giveUp = setTimeout(() => void stream.close(), PATIENCE_MS);
    for await (const record of stream) if (records.push(record) === count) break;
    clearTimeout(giveUp);
    await reader.close();
    return records;
  }
}
