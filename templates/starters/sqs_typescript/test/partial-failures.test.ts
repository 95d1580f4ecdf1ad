/** A batch of which SQS takes only a part: no local server does that, so its answers are given here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Destination, Entry, Failure } from "../src/destinations.js";
import { Hold } from "../src/hold.js";
import { Producer, SendFailedError } from "../src/producer.js";
import { loadSettings } from "../src/settings.js";

type Refuse = (call: number, entry: Entry) => Partial<Failure> | undefined;

function refusing(refuse: Refuse): { destination: Destination; calls: string[][] } {
  const calls: string[][] = [];
  const send = (batch: readonly Entry[]) => {
    calls.push(batch.map(({ text }) => text));
    const failures = batch.flatMap((entry) => {
      const failure = refuse(calls.length, entry);
      return failure ? [{ Id: entry.id, SenderFault: false, ...failure }] : [];
    });
    return Promise.resolve(failures);
  };
  return { destination: { maxBytes: 1_000, send }, calls };
}

test("only what was refused is sent again", async () => {
  const { destination, calls } = refusing((call, { text }) => (call === 1 && text === "1" ? {} : undefined));
  const producer = new Producer(loadSettings({}), destination);
  await producer.send(1);
  await producer.send(2);
  await producer.flush();
  assert.deepEqual(calls, [["1", "2"], ["1"]]);
});

test("what is refused for ever is reported", async () => {
  const { destination, calls } = refusing(() => ({}));
  const producer = new Producer(loadSettings({}), destination);
  await producer.send(1);
  await assert.rejects(producer.flush(), new SendFailedError("1 messages, refused 5 times"));
  assert.equal(calls.length, 5);
});

test("what can never be taken is reported at once", async () => {
  const { destination, calls } = refusing(() => ({ SenderFault: true, Code: "InvalidMessageContents" }));
  const producer = new Producer(loadSettings({}), destination);
  await producer.send(1);
  await assert.rejects(producer.flush(), /InvalidMessageContents/);
  assert.equal(calls.length, 1);
});

test("only what was not deleted is deleted again, and the rest is given back", async () => {
  const calls: [string, string[]][] = [];
  const client = new SQSClient({ region: "us-east-1" });
  client.middlewareStack.add(
    (_next, { commandName = "" }) =>
      ({ input }) => {
        const ids = (input as { Entries: { Id: string }[] }).Entries.map((entry) => entry.Id);
        calls.push([commandName, ids]);
        const refused = ids.includes("b")
          ? [{ Id: "b", SenderFault: calls.length > 1, Code: "InternalError" }]
          : [];
        return Promise.resolve({ output: { $metadata: {}, Successful: [], Failed: refused }, response: {} });
      },
    { step: "initialize" },
  );
  const messages = ["a", "b", "c"].map((id) => ({ MessageId: id, ReceiptHandle: `receipt of ${id}` }));
  {
    await using hold = new Hold(client, "queue", messages, 30);
    for (const message of messages.slice(0, 2)) await hold.done(message);
  }
  assert.deepEqual(calls, [
    ["DeleteMessageBatchCommand", ["a", "b"]],
    ["DeleteMessageBatchCommand", ["b"]],
    ["ChangeMessageVisibilityBatchCommand", ["c"]],
  ]);
});
