/** The producer and the consumer against a real broker. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  Admin,
  MultipleErrors,
  NetworkError,
  Producer as Client,
  UnsupportedCompressionError,
} from "@platformatic/kafka";
import { connection, isUnreadable, MissingError } from "../src/connection.js";
import { Unprocessable, type Message } from "../src/message.js";
import { DeliveryFailedError, Producer } from "../src/producer.js";
import { loadSettings } from "../src/settings.js";
import { createTopics, requireTopics } from "../src/topics.js";
import { consumeUntil, ownTopics, readFirst, sendAll } from "./topics.js";

const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

describe("producer and consumer", { concurrency: 4 }, () => {
  test("what is produced is consumed in order of its key", async (context) => {
    const settings = await ownTopics(context);
    const seen: Message[] = [];
    const sent = numbers(50).map((number): [string, number] => [`key-${number % 5}`, number]);
    await sendAll(settings, ...sent);
    await consumeUntil(
      settings,
      (message) => void seen.push(message),
      () => seen.length >= 50,
    );
    for (const key of new Set(sent.map(([key]) => key))) {
      const values = seen.filter((message) => message.key === key).map((message) => message.value);
      assert.deepEqual(
        values,
        sent.filter(([other]) => other === key).map(([, value]) => value),
      );
    }
  });

  test("a failing message is tried again and then set aside with its reason", async (context) => {
    const settings = await ownTopics(context);
    const attempts: unknown[] = [];
    await sendAll(settings, ["k", "before"], ["k", "poison"], ["k", "after"]);
    await consumeUntil(
      settings,
      ({ value }) => {
        attempts.push(value);
        if (value === "poison") throw new RangeError("no such order");
      },
      () => attempts.includes("after"),
    );
    const tries = numbers(settings.max_attempts).map(() => "poison");
    assert.deepEqual(attempts, ["before", ...tries, "after"]);
    const dead = await readFirst(settings, settings.dead_letter_topic);
    const headers = new Map([...dead.headers].map(([name, value]) => [name.toString(), value.toString()]));
    assert.deepEqual([dead.key?.toString(), dead.value?.toString()], ["k", '"poison"']);
    assert.equal(headers.get("dead-letter-reason"), "RangeError: no such order");
    assert.equal(headers.get("dead-letter-attempts"), String(settings.max_attempts));
    assert.equal(headers.get("dead-letter-offset"), "1");
    assert.equal(headers.get("dead-letter-consumer-group"), settings.consumer_group);
  });

  test("an unprocessable message is set aside at the first attempt", async (context) => {
    const settings = await ownTopics(context);
    const attempts: unknown[] = [];
    await sendAll(settings, ["k", "poison"], ["k", "after"]);
    await consumeUntil(
      settings,
      ({ value }) => {
        attempts.push(value);
        if (value === "poison") throw new Unprocessable("never");
      },
      () => attempts.includes("after"),
    );
    assert.deepEqual(attempts, ["poison", "after"]);
  });

  test("what is not JSON is set aside unchanged", async (context) => {
    const settings = await ownTopics(context);
    const seen: Message[] = [];
    const raw = Buffer.from([0xff, 0x20, 0x6e]);
    const producer = new Producer(settings);
    const headers = new Map([[Buffer.from("trace"), Buffer.from("1")]]);
    await producer.sendRecord({ key: Buffer.from("k"), value: raw, headers });
    await producer.send("k", "after");
    await producer.close();
    await consumeUntil(
      settings,
      (message) => void seen.push(message),
      () => seen.length > 0,
    );
    const dead = await readFirst(settings, settings.dead_letter_topic);
    const found = new Map([...dead.headers].map(([name, value]) => [name.toString(), value.toString()]));
    assert.deepEqual(dead.value, raw);
    assert.equal(found.get("trace"), "1");
    assert.match(found.get("dead-letter-reason") ?? "", /^Unprocessable: not JSON/);
  });

  test("a stopped consumer continues where it stopped", async (context) => {
    const settings = await ownTopics(context);
    const [first, second]: [unknown[], unknown[]] = [[], []];
    await sendAll(settings, ["k", 1], ["k", 2]);
    await consumeUntil(
      settings,
      ({ value }) => void first.push(value),
      () => first.length === 2,
    );
    await sendAll(settings, ["k", 3]);
    await consumeUntil(
      settings,
      ({ value }) => void second.push(value),
      () => second.length > 0,
    );
    assert.deepEqual(second, [3]);
  });

  test("a handler slower than the session timeout keeps its partition", async (context) => {
    const settings = await ownTopics(context);
    const seen: unknown[] = [];
    await sendAll(settings, ["k", "slow"], ["k", "after"]);
    await consumeUntil(
      settings,
      async ({ value }) => {
        seen.push(value);
        if (value === "slow") await sleep(1.5 * settings.session_timeout_ms);
      },
      () => seen.includes("after"),
    );
    assert.deepEqual(seen, ["slow", "after"]);
  });

  test("a consumer that joins takes over partitions, and nothing is lost or out of order", async (context) => {
    const settings = { ...(await ownTopics(context)), max_poll_records: 20 };
    const seen: [string, unknown][] = [];
    const handleAs = (name: string) => async (message: Message) => {
      await sleep(5);
      seen.push([name, message.value]);
    };
    const values = numbers(300);
    await sendAll(settings, ...values.map((value): [string, number] => [`key-${value % 7}`, value]));
    const isDone = () => new Set(seen.map(([, value]) => value)).size === values.length;
    const one = consumeUntil(settings, handleAs("one"), isDone);
    const two = sleep(1_000).then(() => consumeUntil(settings, handleAs("two"), isDone));
    await Promise.all([one, two]);
    for (const key of numbers(7)) {
      const mine = seen.map(([, value]) => value as number).filter((value) => value % 7 === key);
      const firstTimes = [...new Set(mine)];
      assert.deepEqual(
        firstTimes,
        firstTimes.toSorted((one, other) => one - other),
      );
    }
  });

  test("a record that the broker refuses is reported, and the next one is not held up by it", async (context) => {
    const settings = await ownTopics(context);
    const narrow = { ...settings, topic: `${settings.topic}-narrow` };
    const admin = new Admin(connection(settings));
    const configs = [{ name: "max.message.bytes", value: "1000" }];
    await admin.createTopics({ topics: [narrow.topic], partitions: 1, replicas: 1, configs });
    await admin.close();
    const producer = new Producer(narrow);
    const refused = producer.send("k", randomBytes(10_000).toString("hex"));
    await producer.flush();
    await sleep(10); // a promise that is kept, and looked at later, ends no process
    await assert.rejects(refused, (error: Error) => {
      assert.ok(error instanceof DeliveryFailedError);
      return error.message.startsWith(`1 records for ${narrow.topic}, first: key k, `);
    });
    await producer.send("k", "small");
    await producer.close();
  });

  test("a producer that cannot be connected says so to whoever sends", async () => {
    const producer = new Producer({ ...loadSettings(), bootstrap_servers: "[" });
    await assert.rejects(producer.send("k", 1), { code: "ERR_INVALID_URL" });
  });

  test("what this client cannot read is no lost connection", () => {
    const inWasm = Object.assign(new Error("unreachable"), { name: "RuntimeError" });
    assert.ok(isUnreadable(new MultipleErrors("fetch failed 4 times.", [inWasm])));
    assert.ok(isUnreadable(new UnsupportedCompressionError("zstd")));
    assert.ok(!isUnreadable(new MultipleErrors("fetch failed 4 times.", [new NetworkError("gone")])));
  });

  test("flush waits for all that was sent, and each record says what became of it", async (context) => {
    const settings = await ownTopics(context);
    const producer = new Producer({ ...settings, linger_ms: 200 });
    const told: string[] = [];
    for (const key of ["one", "two", "three"]) void producer.send(key, key).then(() => told.push(key));
    await producer.flush();
    assert.deepEqual(told, ["one", "two", "three"]);
    await producer.flush();
    await producer.close();
  });

  test("what a transaction took back is never handled", async (context) => {
    const settings = await ownTopics(context);
    const writer = new Client({ ...connection(settings), transactionalId: settings.topic, idempotent: true });
    const write = async (value: string) => {
      const transaction = await writer.beginTransaction();
      const record = {
        topic: settings.topic,
        key: Buffer.from("k"),
        value: Buffer.from(JSON.stringify(value)),
      };
      await transaction.send({ messages: [record] });
      return transaction;
    };
    await (await write("aborted")).abort();
    await (await write("committed")).commit();
    await writer.close();
    const seen: unknown[] = [];
    await consumeUntil(
      settings,
      ({ value }) => void seen.push(value),
      () => seen.includes("committed"),
    );
    assert.deepEqual(seen, ["committed"]);
  });

  test("topics are created once and a missing one is named", async (context) => {
    const settings = await ownTopics(context);
    await createTopics(settings);
    await requireTopics(settings, settings.topic, settings.dead_letter_topic);
    await assert.rejects(
      requireTopics(settings, settings.topic, "nowhere"),
      new MissingError("no such topic: nowhere (make topics makes them)"),
    );
  });

  test("what was created is known at once", async (context) => {
    for (let turn = 0; turn < 10; turn++) {
      const settings = await ownTopics(context);
      await requireTopics(settings, settings.topic, settings.dead_letter_topic);
    }
  });
});
