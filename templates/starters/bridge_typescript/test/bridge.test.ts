/** The bridge between a real broker and a real queue. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bridge } from "../src/bridge.js";
import { MissingError } from "../src/connection.js";
import { Ends } from "./ends.js";

describe("the bridge", { concurrency: 4 }, () => {
  test("each record becomes one job with the same body", async (context) => {
    const ends = await Ends.open(context);
    const bodies = Array.from(
      { length: 25 },
      (_, n) => `\uFEFF{"n": ${String(n).padStart(2, "0")}, "name": "é"}`,
    );
    await ends.produce(...bodies);
    assert.deepEqual(await ends.bridge(25), bodies);
  });

  test("a bridge goes on where the last one stopped", async (context) => {
    const ends = await Ends.open(context);
    await ends.produce("1", "2");
    assert.deepEqual(await ends.bridge(2), ["1", "2"]);
    await ends.produce("3");
    assert.deepEqual(await ends.bridge(1), ["3"]);
  });

  test("what SQS never takes is set aside unchanged with the reason", async (context) => {
    const ends = await Ends.open(context);
    const large = Buffer.alloc(1_048_577, "x");
    const never = [Buffer.from([0xff]), Buffer.alloc(0), undefined, Buffer.from("a\0b"), large];
    await ends.produce(...never, "fine");
    assert.deepEqual(await ends.bridge(1), ["fine"]);
    const records = await ends.setAside(never.length);
    assert.deepEqual(
      records.map(({ value }) => value),
      never,
    );
    const reasons = records.map(({ key, headers }) => {
      const found = new Map([...headers].map(([name, value]) => [name.toString(), value.toString()]));
      assert.deepEqual([key?.toString(), found.get("trace")], ["k", "1"]);
      assert.equal(found.get("dead-letter-consumer-group"), ends.settings.bridge_group);
      return found.get("dead-letter-reason");
    });
    assert.deepEqual(reasons, [
      "SQS takes text in UTF-8 without control characters",
      "SQS takes no empty message",
      "SQS takes no empty message",
      "SQS takes text in UTF-8 without control characters",
      "1048577 bytes are more than SQS takes",
    ]);
  });

  test("while SQS takes nothing, nothing is committed and the partitions are kept", async (context) => {
    const ends = await Ends.open(context);
    const stop = new AbortController();
    const bridging = bridge(ends.settings, stop.signal);
    await ends.produce("0");
    assert.deepEqual(await ends.take(1), ["0"]);
    await ends.deleteQueue();
    await ends.produce("1", "2");
    await sleep(1.5 * ends.settings.session_timeout_ms);
    await ends.createQueue();
    assert.deepEqual(await ends.take(2), ["1", "2"]);
    await ends.deleteQueue();
    await ends.produce("3");
    await sleep(1_000);
    stop.abort();
    await bridging;
    await ends.createQueue();
    assert.deepEqual(await ends.bridge(1), ["3"]);
  });

  test("a queue or a topic that is missing is named", async (context) => {
    const ends = await Ends.open(context);
    const stop = new AbortController();
    await assert.rejects(
      bridge({ ...ends.settings, queue_name: "nowhere" }, stop.signal),
      new MissingError("no such queue: nowhere (make queues, in the SQS project)"),
    );
    await assert.rejects(
      bridge({ ...ends.settings, topic: "nowhere" }, stop.signal),
      new MissingError("no such topic: nowhere (make topics, in the Kafka project)"),
    );
  });
});
