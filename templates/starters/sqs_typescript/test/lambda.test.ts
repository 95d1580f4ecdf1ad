/** Batches as Lambda writes them, handed over; what is set aside goes to a real server. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { queueUrl, sqsClient } from "../src/client.js";
import { DeadLetters } from "../src/dead-letters.js";
import { handleBatch, type SqsEvent } from "../src/lambda.js";
import { Unprocessable, type Handle, type Message } from "../src/message.js";
import type { Settings } from "../src/settings.js";
import { ownQueues } from "./queues.js";

type Written = SqsEvent["Records"][number];

/** One message of an event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function record(id: string, { body = '"fine"', receives = 1, group = "", values = {} } = {}): Written {
  const ordered = {
    SequenceNumber: "18849496460467696128",
    MessageGroupId: group,
    MessageDeduplicationId: id,
  };
  const written = {
    messageId: id,
    receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "1573251510774",
      SenderId: "AIDAIO23YVJENQZJOL4VO",
      ApproximateFirstReceiveTimestamp: "1573251510774",
      ...(group && ordered),
    },
    messageAttributes: values,
    md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:jobs",
    awsRegion: "us-east-1",
  };
  return written;
}

/** The ids of what is to come again. */
async function returned(settings: Settings, handle: Handle, ...records: Written[]): Promise<string[]> {
  const deadLetters = await DeadLetters.open(sqsClient(settings), settings);
  const { batchItemFailures, ...more } = await handleBatch(
    { Records: records },
    { settings, handle, deadLetters },
  );
  assert.deepEqual(more, {});
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

async function setAside(settings: Settings) {
  const client = sqsClient(settings);
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: await queueUrl(client, settings.dead_letter_queue_name),
      WaitTimeSeconds: 1,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
    }),
  );
  return new Map(messages.map((message) => [message.Body, message.MessageAttributes ?? {}]));
}

/** A handler that keeps what it gets, and fails on one. */
function failingOn(id: string, error: Error) {
  const seen: Message[] = [];
  const handle = (message: Message) => {
    seen.push(message);
    if (message.id === id) throw error;
  };
  return { seen, handle };
}

describe("a function of Lambda", { concurrency: 4 }, () => {
  test("only what failed comes again", async (context) => {
    const settings = await ownQueues(context);
    const { seen, handle } = failingOn("2", new Error("not yet"));
    const second = record("2", { body: '"bad"', receives: 2 });
    assert.deepEqual(await returned(settings, handle, record("1"), second, record("3")), ["2"]);
    assert.deepEqual(seen[1], { id: "2", body: "bad", group: undefined, receiveCount: 2 });
    assert.deepEqual(
      seen.map(({ id }) => id),
      ["1", "2", "3"],
    );
    assert.equal((await setAside(settings)).size, 0);
  });

  test("what failed for the last time or can never succeed is set aside with its reason", async (context) => {
    const settings = await ownQueues(context);
    const { handle } = failingOn("1", new RangeError("no such invoice"));
    const lists = { stringListValues: [], binaryListValues: [] };
    const values = {
      shop: { stringValue: "9", ...lists, dataType: "Number" },
      seal: { binaryValue: Buffer.from([0, 255]).toString("base64"), ...lists, dataType: "Binary" },
    };
    const last = record("1", { body: '"last"', receives: settings.max_receive_count, values });
    assert.deepEqual(await returned(settings, handle, last, record("2", { body: "not json" })), []);
    const aside = await setAside(settings);
    const of = aside.get('"last"');
    assert.equal(of?.["DeadLetterReason"]?.StringValue, "RangeError: no such invoice");
    assert.equal(of["DeadLetterAttempts"]?.StringValue, String(settings.max_receive_count));
    assert.deepEqual([of["shop"]?.DataType, of["shop"]?.StringValue], ["Number", "9"]);
    assert.deepEqual([...(of["seal"]?.BinaryValue ?? [])], [0, 255]);
    assert.match(aside.get("not json")?.["DeadLetterReason"]?.StringValue ?? "", /^Unprocessable: not JSON/);
  });

  test("what cannot be set aside comes again", async (context) => {
    const settings = { ...(await ownQueues(context, { fifo: true })), fifo: false }; // refused: it has no group
    const deadLetters = await DeadLetters.open(sqsClient(settings), settings);
    const { batchItemFailures } = await handleBatch(
      { Records: [record("1", { body: "not json" }), record("2")] },
      { settings, handle: () => undefined, deadLetters },
    );
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: "1" }]);
  });

  test("a FIFO message that comes again takes those of its group behind it along", async (context) => {
    const settings = await ownQueues(context, { fifo: true });
    const { seen, handle } = failingOn("a2", new Error("not yet"));
    const batch = ["a1", "a2", "b1", "a3", "b2", "a4"].map((id) => record(id, { group: id.charAt(0) }));
    assert.deepEqual(await returned(settings, handle, ...batch), ["a2", "a3", "a4"]);
    assert.deepEqual(
      seen.map(({ id }) => id),
      ["a1", "a2", "b1", "b2"],
    );
  });

  test("a FIFO message that is set aside holds up nobody", async (context) => {
    const settings = await ownQueues(context, { fifo: true });
    const { handle } = failingOn("a1", new Unprocessable("never"));
    const batch = [record("a1", { group: "a" }), record("a2", { group: "a" })];
    assert.deepEqual(await returned(settings, handle, ...batch), []);
    assert.equal((await setAside(settings)).size, 1);
  });

  test("groups of a standard queue are no order", async (context) => {
    const settings = await ownQueues(context);
    const { handle } = failingOn("1", new Error("not yet"));
    const batch = [record("1", { group: "tenant-1" }), record("2", { group: "tenant-1" })];
    assert.deepEqual(await returned(settings, handle, ...batch), ["1"]);
  });
});
