/** The tasks of this project: node dist/src/main.js create | send | consume | bench | reachable. */
import { once } from "node:events";
import { createConnection } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { bench } from "./bench.js";
import { MissingError } from "./client.js";
import { consume } from "./consumer.js";
import { handle } from "./handler.js";
import { log } from "./log.js";
import { Producer } from "./producer.js";
import { createQueues } from "./queues.js";
import { loadSettings, SettingsError, type Settings } from "./settings.js";
import { stopOnSignals } from "./stopping.js";

interface Line {
  readonly body: unknown;
  readonly group?: string;
  readonly deduplication_id?: string;
  readonly delay_seconds?: number;
}

async function send(settings: Settings, lines: AsyncIterable<Line> | Iterable<Line>): Promise<void> {
  const producer = await Producer.open(settings);
  let sent = 0;
  for await (const { body, group, ...rest } of lines) {
    const { deduplication_id: deduplicationId, delay_seconds: delaySeconds } = rest;
    await producer.send(body, { group, deduplicationId, delaySeconds });
    sent += 1;
  }
  await producer.flush();
  log.info({ messages: sent }, "sent");
}

async function* linesOf(input: NodeJS.ReadableStream): AsyncIterable<Line> {
  for await (const line of createInterface({ input })) if (line.trim() !== "") yield JSON.parse(line) as Line;
}

function samples(count: number): Line[] {
  const sentAt = new Date().toISOString(); // no two runs alike: content-based de-duplication would drop the second
  const body = (sequence: number) => ({ sequence, sent_at: sentAt });
  return Array.from({ length: count }, (_, number) => ({ body: body(number), group: `group-${number % 5}` }));
}

async function consumeUntilStopped(settings: Settings): Promise<void> {
  log.info({ queue: settings.queue_name, workers: settings.worker_count }, "consuming");
  await consume(settings, handle, stopOnSignals());
  log.info("stopped");
}

/** 0 when a server answers at the settings' endpoint, or when that endpoint is not on this machine. */
async function reachable(settings: Settings): Promise<number> {
  if (settings.endpoint_url === null) return 0;
  const endpoint = new URL(settings.endpoint_url);
  if (!["127.0.0.1", "localhost"].includes(endpoint.hostname)) return 0;
  const socket = createConnection(Number(endpoint.port || 80), endpoint.hostname);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(3_000) });
    return 0;
  } catch {
    log.warn({ endpoint: endpoint.href }, "no SQS server there");
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
      await createQueues(settings);
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
      process.stderr.write(
        "usage: main.js create | send [--count N | --stdin] | consume | bench [--seconds N] | reachable\n",
      );
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
