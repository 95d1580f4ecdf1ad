/** The tasks of this project: node dist/src/main.js create | send | consume | bench | reachable. */
import { once } from "node:events";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { bench } from "./bench.js";
import { firstBroker, MissingError } from "./connection.js";
import { consume } from "./consumer.js";
import { handle } from "./handler.js";
import { log } from "./log.js";
import { Producer } from "./producer.js";
import { loadSettings, SettingsError, type Settings } from "./settings.js";
import { stopOnSignals } from "./stopping.js";
import { createTopics, requireTopics } from "./topics.js";

const USAGE =
  "usage: main.js create | send [--count N | --stdin] | consume | bench [--seconds N] | reachable\n";
const MAX_UNCONFIRMED = 10_000;

interface Line {
  readonly key: string;
  readonly value: unknown;
}

async function send(settings: Settings, lines: AsyncIterable<Line> | Iterable<Line>): Promise<void> {
  await requireTopics(settings, settings.topic);
  const producer = new Producer(settings);
  let sent = 0;
  let unconfirmed: Promise<void>[] = [];
  try {
    for await (const { key, value } of lines) {
      unconfirmed.push(producer.send(key, value));
      sent += 1;
      if (unconfirmed.length < MAX_UNCONFIRMED) continue;
      await Promise.all(unconfirmed);
      unconfirmed = [];
    }
    await Promise.all(unconfirmed);
  } finally {
    await producer.close();
  }
  log.info({ records: sent }, "sent");
}

async function* linesOf(input: NodeJS.ReadableStream): AsyncIterable<Line> {
  for await (const line of createInterface({ input })) if (line.trim() !== "") yield JSON.parse(line) as Line;
}

function samples(count: number): Line[] {
  return Array.from({ length: count }, (_, sequence) => ({
    key: `key-${sequence % 5}`,
    value: { sequence },
  }));
}

async function consumeUntilStopped(settings: Settings): Promise<void> {
  const stop = stopOnSignals();
  await requireTopics(settings, settings.topic, settings.dead_letter_topic);
  log.info({ topic: settings.topic, group: settings.consumer_group }, "consuming");
  await consume(settings, handle, stop);
  log.info("stopped");
  setTimeout(() => process.exit(), 1_000).unref(); // connections to brokers that do not answer
}

/** 0 when a broker answers at the settings' address, or when that address is not on this machine. */
async function reachable(settings: Settings): Promise<number> {
  const { hostname, port } = firstBroker(settings);
  if (!["127.0.0.1", "localhost"].includes(hostname)) return 0;
  const socket = createConnection(Number(port), hostname);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(3_000) });
    return 0;
  } catch {
    log.warn({ address: `${hostname}:${port}` }, "no broker there");
    return 1;
  } finally {
    socket.destroy();
  }
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      count: { type: "string", default: "10" },
      stdin: { type: "boolean", default: false },
      seconds: { type: "string", default: "30" },
    },
  });
  const settings = loadSettings();
  switch (positionals[0]) {
    case "create":
      await createTopics(settings);
      return 0;
    case "send":
      await send(settings, values.stdin ? linesOf(process.stdin) : samples(Number(values.count)));
      return 0;
    case "consume":
      await consumeUntilStopped(settings);
      return 0;
    case "bench":
      return await bench(settings, Number(values.seconds));
    case "reachable":
      return await reachable(settings);
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const isOurs = error instanceof SettingsError || error instanceof MissingError;
  if (isOurs) process.stderr.write(`${error.message}\n`);
  else log.fatal(error, "ended by an error");
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
