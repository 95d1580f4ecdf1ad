/** A batch of which SQS takes only a part: no local server does that, so its answers are given here. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SQSClient, type Message as Received } from "@aws-sdk/client-sqs";
import { finish } from "../src/attempts.js";
import { sqsClient } from "../src/client.js";
import { DeadLetters } from "../src/dead-letters.js";
import type { Destination, Entry, Failure } from "../src/destinations.js";
import { Hold } from "../src/hold.js";
import { Producer, SendFailedError } from "../src/producer.js";
import { loadSettings } from "../src/settings.js";

const standard = { ...loadSettings({}), fifo: false };

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
  const producer = new Producer(standard, destination);
  await producer.send(1);
  await producer.send(2);
  await producer.flush();
  assert.deepEqual(calls, [["1", "2"], ["1"]]);
});

test("what is refused for ever is reported", async () => {
  const { destination, calls } = refusing(() => ({}));
  const producer = new Producer(standard, destination);
  await producer.send(1);
  await assert.rejects(
    producer.flush(),
    new SendFailedError("1 messages, refused 5 times: the next flush sends them again", []),
  );
  assert.equal(calls.length, 5);
});

test("what can never be taken is reported at once", async () => {
  const { destination, calls } = refusing(() => ({ SenderFault: true, Code: "InvalidMessageContents" }));
  const producer = new Producer(standard, destination);
  await producer.send(1);
  await assert.rejects(producer.flush(), /InvalidMessageContents/);
  assert.equal(calls.length, 1);
});

/** A destination that is not reached as long as it is down, and else takes all. */
function reachable(): { destination: Destination; calls: (readonly Entry[])[]; isDown: boolean } {
  const self = { destination: { maxBytes: 1_000, send }, calls: [] as (readonly Entry[])[], isDown: false };
  function send(batch: readonly Entry[]) {
    self.calls.push(batch);
    return self.isDown ? Promise.reject(new Error("no such host")) : Promise.resolve([]);
  }
  return self;
}

const bodies = (calls: (readonly Entry[])[]) => calls.map((batch) => batch.map(({ text }) => text));

test("what one flush could not send is sent by the next, before anything later", async () => {
  const way = reachable();
  const producer = new Producer({ ...standard, fifo: true }, way.destination);
  await producer.send(1, { group: "a" });
  await producer.send(2, { group: "b" });
  way.isDown = true;
  await assert.rejects(producer.flush(), /no such host/);
  await assert.rejects(producer.flush(), /no such host/);
  way.isDown = false;
  await producer.send(3, { group: "c" });
  await producer.flush();
  const [first = [], , last = []] = way.calls;
  assert.deepEqual(last.slice(0, 2), first);
  assert.deepEqual(bodies(way.calls), [
    ["1", "2"],
    ["1", "2"],
    ["1", "2", "3"],
  ]);
});

test("what stays refused is sent by the next flush, before anything later", async () => {
  const { destination, calls } = refusing((call, { text }) => (call <= 5 && text === "2" ? {} : undefined));
  const producer = new Producer(standard, destination);
  await producer.send(1);
  await producer.send(2);
  await assert.rejects(producer.flush(), /^SendFailedError: 1 messages/);
  await producer.send(3);
  await producer.flush();
  assert.deepEqual(calls, [["1", "2"], ["2"], ["2"], ["2"], ["2"], ["2", "3"]]);
});

test("a send that rejects has not queued its message, so that it may be repeated", async () => {
  const way = reachable();
  const producer = new Producer({ ...standard, fifo: true }, way.destination);
  await producer.send(1, { group: "a" });
  way.isDown = true;
  for (let repeat = 0; repeat < 2; repeat++)
    await assert.rejects(producer.send(2, { group: "a" }), /no such host/);
  way.isDown = false;
  await producer.send(2, { group: "a" });
  await producer.flush();
  assert.deepEqual(bodies(way.calls), [["1"], ["1"], ["1"], ["2"]]);
});

test("what does not fit beside what was not sent is not taken", async () => {
  const way = reachable();
  const producer = new Producer(standard, way.destination);
  for (let number = 0; number < 10; number++) await producer.send(number);
  way.isDown = true;
  const more = await Promise.allSettled([producer.send("one"), producer.send("more")]);
  assert.deepEqual(
    more.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  way.isDown = false;
  await producer.flush();
  assert.deepEqual(bodies(way.calls).at(-1), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

test("a message that can never be sent comes with the error, and what came beside it is sent", async () => {
  const never = { SenderFault: true, Code: "InvalidMessageContents", Message: "a letter" };
  const { destination, calls } = refusing((call, { text }) => {
    if (text === '"bad"') return never;
    return call === 1 && text === '"slow"' ? {} : undefined;
  });
  const producer = new Producer(standard, destination);
  for (const body of ["bad", "slow", "fine"]) await producer.send(body);
  const said = "dropped for good: 5 letters (InvalidMessageContents: a letter)";
  const error = new SendFailedError(said, ['"bad"']);
  await assert.rejects(producer.flush(), error);
  await producer.flush();
  assert.deepEqual(calls, [['"bad"', '"slow"', '"fine"'], ['"slow"']]);
});

test("a message that can never be sent is named even where the connection broke first", async () => {
  const { destination } = refusing((call, { text }) => {
    if (call === 2) throw new Error("no such host");
    return text === '"bad"' ? { SenderFault: true } : call === 1 ? {} : undefined;
  });
  const producer = new Producer(standard, destination);
  for (const body of ["bad", "slow"]) await producer.send(body);
  await assert.rejects(producer.flush(), /no such host/);
  await assert.rejects(producer.flush(), { name: "SendFailedError", dropped: ['"bad"'] });
  await producer.flush();
});

test("a message larger than any batch is refused at once", async () => {
  const { destination, calls } = refusing(() => undefined);
  const producer = new Producer(standard, destination);
  await assert.rejects(producer.send("x".repeat(999)), /^RangeError: body: 1001 bytes/);
  await producer.flush();
  assert.deepEqual(calls, []);
});

test("calls that are not awaited keep their order and never overfill a batch", async () => {
  const { destination, calls } = refusing((call) => (call === 1 ? {} : undefined));
  const producer = new Producer(standard, destination);
  const sent = Array.from({ length: 25 }, (_, number) => producer.send(number));
  await producer.flush();
  await Promise.all(sent);
  const texts = Array.from({ length: 25 }, (_, number) => String(number));
  const first = texts.slice(0, 10);
  assert.deepEqual(calls, [first, first, texts.slice(10, 20), texts.slice(20)]);
});

test("a message that is too large with its reason is set aside without it", async (context) => {
  const sent: string[][] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const names = Object.keys((body as { MessageAttributes?: object }).MessageAttributes ?? {}).sort();
      if (String(request.headers["x-amz-target"]).endsWith("GetQueueUrl")) {
        response.end(JSON.stringify({ QueueUrl: "http://127.0.0.1/queue" }));
      } else if (sent.push(names) > 1) {
        response.end(
          JSON.stringify({ MessageId: "d1", MD5OfMessageBody: "c4ca4238a0b923820dcc509a6f75849b" }),
        );
      } else {
        response.writeHead(400, { "x-amzn-query-error": "InvalidParameterValue;Sender" });
        response.end(JSON.stringify({ __type: "com.amazon.coral.service#InvalidParameterValueException" }));
      }
    });
  }).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const settings = { ...standard, endpoint_url: `http://127.0.0.1:${port}` };
  const client = sqsClient(settings);
  context.after(() => {
    client.destroy();
  });
  const deadLetters = await DeadLetters.open(client, settings);
  const [message = {}] = received("m1");
  const trace = { DataType: "String", StringValue: "t" };
  await deadLetters.add({ ...message, MessageAttributes: { trace } }, new Error("no such invoice"), 3);
  assert.deepEqual(sent, [
    ["DeadLetterAttempts", "DeadLetterMessageId", "DeadLetterReason", "trace"],
    ["trace"],
  ]);
});

type Answer = (ids: string[], call: number) => Partial<Failure>[];

/** A client that does not reach SQS: it notes what each call asks for, and answers as it is told. */
function answering(answer: Answer): { client: SQSClient; calls: [string, string[]][] } {
  const calls: [string, string[]][] = [];
  const client = new SQSClient({ region: "us-east-1" });
  client.middlewareStack.add(
    (_next, { commandName = "" }) =>
      ({ input }) => {
        const ids = (input as { Entries: { Id: string }[] }).Entries.map((entry) => entry.Id);
        calls.push([commandName, ids]);
        const failed = answer(ids, calls.length);
        return Promise.resolve({ output: { $metadata: {}, Successful: [], Failed: failed }, response: {} });
      },
    { step: "initialize" },
  );
  return { client, calls };
}

function received(...ids: string[]): Received[] {
  const Attributes = { ApproximateReceiveCount: "5" }; // the last one
  return ids.map((id) => ({ MessageId: id, ReceiptHandle: `receipt of ${id}`, Body: "1", Attributes }));
}

test("only what was not deleted is deleted again, and the rest is given back", async () => {
  const { client, calls } = answering((ids, call) =>
    ids.includes("b") ? [{ Id: "b", SenderFault: call > 1, Code: "InternalError" }] : [],
  );
  const messages = received("a", "b", "c");
  {
    await using hold = new Hold(client, "queue", messages, 30);
    for (const message of messages.slice(0, 2)) hold.done(message);
  }
  assert.deepEqual(calls, [
    ["DeleteMessageBatchCommand", ["a", "b"]],
    ["DeleteMessageBatchCommand", ["b"]],
    ["ChangeMessageVisibilityBatchCommand", ["c"]],
  ]);
});

for (const fifo of [false, true]) {
  test(`a delete that fails is no failure of the handler and is tried again${fifo ? ", FIFO" : ""}`, async () => {
    const { client, calls } = answering((_, call) => {
      if (call === 1) throw new Error("no such host");
      return [];
    });
    const handled: string[] = [];
    const [message = {}] = received("m1");
    const surroundings = {
      settings: { ...standard, fifo, max_receive_count: 5 },
      handle: ({ id }: { id: string }) => void handled.push(id),
      deadLetters: { add: () => assert.fail("set aside") } as unknown as DeadLetters,
      stop: new AbortController().signal,
    };
    {
      await using hold = new Hold(client, "queue", [message], 30);
      await finish(message, hold, surroundings);
      await sleep(2_500);
    }
    assert.deepEqual(handled, ["m1"]);
    assert.deepEqual(calls, [
      ["DeleteMessageBatchCommand", ["m1"]],
      ["DeleteMessageBatchCommand", ["m1"]],
    ]);
  });
}

test("what is done is deleted while the next message takes long", async () => {
  const { client, calls } = answering(() => []);
  const [first = {}, second = {}] = received("a", "b");
  {
    await using hold = new Hold(client, "queue", [first, second], 30);
    hold.done(first);
    await sleep(2_000);
    assert.deepEqual(calls, [["DeleteMessageBatchCommand", ["a"]]]);
    hold.done(second);
  }
  assert.deepEqual(calls.slice(1), [["DeleteMessageBatchCommand", ["b"]]]);
});

test("what could not be deleted at the end is not given back", async () => {
  const { client, calls } = answering((ids) => {
    if (ids.includes("a")) throw new Error("no such host");
    return [];
  });
  const messages = received("a", "b");
  await assert.rejects(async () => {
    await using hold = new Hold(client, "queue", messages, 30);
    hold.done(messages[0] ?? {});
  }, /no such host/);
  assert.deepEqual(calls.at(-1), ["ChangeMessageVisibilityBatchCommand", ["b"]]);
});
