/** The producer and the consumer against a real server. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { MissingError, queueUrl, sqsClient } from "../src/client.js";
import { Unprocessable, type Message } from "../src/message.js";
import { Producer } from "../src/producer.js";
import { createQueues } from "../src/queues.js";
import { consumeUntil, deadLetter, leftIn, ownQueues, sendAll } from "./queues.js";

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

describe("producer and consumer", { concurrency: 4 }, () => {
  test("what is sent is handled once and deleted", async (context) => {
    const settings = await ownQueues(context);
    const seen: unknown[] = [];
    await sendAll(settings, ...numbers(35));
    await consumeUntil(
      settings,
      ({ body }) => void seen.push(body),
      () => seen.length >= 35,
    );
    assert.deepEqual(new Set(seen), new Set(numbers(35)));
    assert.equal(seen.length, 35);
    assert.equal(await leftIn(settings, settings.queue_name), 0);
  });

  test("a failing message is tried again and then set aside with its reason", async (context) => {
    const settings = await ownQueues(context);
    const attempts: number[] = [];
    await sendAll(settings, "poison");
    await consumeUntil(
      settings,
      ({ receiveCount }) => {
        attempts.push(receiveCount);
        throw new RangeError("no such\u0000 invoice");
      },
      async () => (await leftIn(settings, settings.dead_letter_queue_name)) === 1,
    );
    assert.deepEqual(attempts, [1, 2, 3]);
    const { body, attributes } = await deadLetter(settings);
    assert.equal(body, '"poison"');
    assert.equal(attributes["DeadLetterReason"], "RangeError: no such  invoice");
    assert.equal(attributes["DeadLetterAttempts"], "3");
    assert.equal(await leftIn(settings, settings.queue_name), 0);
  });

  test("what is not JSON is set aside at once and unchanged", async (context) => {
    const settings = await ownQueues(context);
    const client = sqsClient(settings);
    const seen: Message[] = [];
    const url = await queueUrl(client, settings.queue_name);
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "not json" }));
    await consumeUntil(
      settings,
      (message) => void seen.push(message),
      async () => (await leftIn(settings, settings.dead_letter_queue_name)) === 1,
    );
    const { body, attributes } = await deadLetter(settings);
    assert.deepEqual([body, seen], ["not json", []]);
    assert.match(attributes["DeadLetterReason"] ?? "", /^Unprocessable: not JSON/);
    assert.equal(attributes["DeadLetterAttempts"], "1");
  });

  test("a handler slower than the visibility timeout gets its message once", async (context) => {
    const settings = await ownQueues(context);
    const seen: unknown[] = [];
    await sendAll(settings, "slow");
    await consumeUntil(
      settings,
      async ({ body }) => {
        await sleep(2_500 * settings.visibility_timeout_seconds);
        seen.push(body);
      },
      () => seen.length >= 1,
    );
    assert.deepEqual(seen, ["slow"]);
    assert.equal(await leftIn(settings, settings.queue_name), 0);
  });

  test("a stop gives back what was not handled", async (context) => {
    const settings = { ...(await ownQueues(context)), worker_count: 1, visibility_timeout_seconds: 60 };
    const seen: unknown[] = [];
    const handle = async ({ body }: Message) => {
      await sleep(300);
      seen.push(body);
    };
    await sendAll(settings, ...numbers(10));
    await consumeUntil(settings, handle, () => seen.length >= 2);
    assert.ok(seen.length < 10);
    await consumeUntil(settings, handle, () => seen.length >= 10);
    assert.deepEqual(new Set(seen), new Set(numbers(10)));
  });

  test("a FIFO group keeps its order although one message fails twice", async (context) => {
    const settings = await ownQueues(context, { fifo: true });
    const attempts: unknown[] = [];
    await sendAll(settings, ...numbers(5));
    await consumeUntil(
      settings,
      ({ body }) => {
        attempts.push(body);
        if (body === 1 && attempts.filter((other) => other === 1).length < 3) throw new Error("not yet");
      },
      () => attempts.includes(4),
    );
    assert.deepEqual(attempts, [0, 1, 1, 1, 2, 3, 4]);
  });

  test("a FIFO message is set aside with its group", async (context) => {
    const settings = await ownQueues(context, { fifo: true });
    const seen: unknown[] = [];
    await sendAll(settings, "poison", "after");
    await consumeUntil(
      settings,
      ({ body }) => {
        seen.push(body);
        if (body === "poison") throw new Unprocessable("never");
      },
      () => seen.includes("after"),
    );
    assert.deepEqual(seen, ["poison", "after"]);
    const { attributes } = await deadLetter(settings);
    assert.equal(attributes["DeadLetterReason"], "Unprocessable: never");
  });

  test("a FIFO queue takes one deduplication id once", async (context) => {
    const settings = await ownQueues(context, { fifo: true });
    const seen: unknown[] = [];
    const producer = await Producer.open(settings);
    await producer.send("first", { group: "g", deduplicationId: "a" });
    await producer.send("again", { group: "g", deduplicationId: "a" });
    await producer.send("other", { group: "g", deduplicationId: "b" });
    await producer.flush();
    await consumeUntil(
      settings,
      ({ body }) => void seen.push(body),
      () => seen.includes("other"),
    );
    assert.deepEqual(seen, ["first", "other"]);
  });

  test("a batch stays below the limit of a request", async (context) => {
    const settings = await ownQueues(context);
    const seen: number[] = [];
    await sendAll(settings, ...numbers(8).map(() => "x".repeat(300_000)));
    await consumeUntil(
      settings,
      ({ body }) => void seen.push((body as string).length),
      () => seen.length >= 8,
    );
    assert.deepEqual(
      seen,
      numbers(8).map(() => 300_000),
    );
  });

  test("a standard queue delays only the messages that ask for it", async (context) => {
    const settings = { ...(await ownQueues(context)), delay_seconds: 5 };
    await createQueues(settings);
    const arrived = new Map<unknown, number>();
    const producer = await Producer.open(settings);
    const began = Date.now();
    await producer.send("later", { delaySeconds: 3 });
    await producer.send("now");
    await producer.flush();
    await consumeUntil(
      settings,
      ({ body }) => void arrived.set(body, Date.now() - began),
      () => arrived.size >= 2,
    );
    assert.deepEqual([...arrived.keys()], ["now", "later"]);
    assert.ok((arrived.get("now") ?? 0) < 3_000);
    assert.ok((arrived.get("later") ?? 0) >= 3_000);
  });

  test("a FIFO queue delays all messages by the setting", async (context) => {
    const settings = { ...(await ownQueues(context, { fifo: true })), delay_seconds: 5 };
    await createQueues(settings);
    const client = sqsClient(settings);
    const asked = { AttributeNames: ["DelaySeconds" as const] };
    const url = await queueUrl(client, settings.queue_name);
    const { Attributes: found } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, ...asked }),
    );
    assert.deepEqual(found, { DelaySeconds: "5" });
    const producer = await Producer.open(settings);
    await assert.rejects(producer.send("late", { delaySeconds: 1 }), RangeError);
  });

  test("queues are created once and brought up to the settings", async (context) => {
    const settings = await ownQueues(context);
    await createQueues(settings);
    await createQueues({ ...settings, visibility_timeout_seconds: 77 });
    const client = sqsClient(settings);
    const { Attributes: attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: await queueUrl(client, settings.queue_name),
        AttributeNames: ["VisibilityTimeout"],
      }),
    );
    assert.deepEqual(attributes, { VisibilityTimeout: "77" });
  });

  test("a topic hands a message to the queue of every reader", async (context) => {
    const [one, two] = [await ownQueues(context), await ownQueues(context)];
    const topic = { topic_name: `${one.queue_name}-events` };
    for (const reader of [one, two]) await createQueues({ ...reader, ...topic });
    await sendAll({ ...one, ...topic }, "news");
    for (const reader of [one, two]) {
      const seen: unknown[] = [];
      await consumeUntil(
        reader,
        ({ body }) => void seen.push(body),
        () => seen.length > 0,
      );
      assert.deepEqual(seen, ["news"]);
    }
  });

  test("a missing queue is named", async (context) => {
    const settings = { ...(await ownQueues(context)), queue_name: "nowhere" };
    await assert.rejects(
      Producer.open(settings),
      new MissingError("no such queue: nowhere (make queues makes it)"),
    );
  });
});
