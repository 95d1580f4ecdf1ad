/** The tasks of this project: node dist/src/main.js consume | reachable. */
import { once } from "node:events";
import { createConnection } from "node:net";
import { bridge } from "./bridge.js";
import { firstBroker, MissingError } from "./connection.js";
import { log } from "./log.js";
import { loadSettings, SettingsError, type Settings } from "./settings.js";
import { stopOnSignals } from "./stopping.js";

async function bridgeUntilStopped(settings: Settings): Promise<void> {
  log.info({ topic: settings.topic, queue: settings.queue_name }, "consuming");
  await bridge(settings, stopOnSignals());
  log.info("stopped");
  setTimeout(() => process.exit(), 1_000).unref(); // connections to what does not answer
}

/** True when broker and queue answer at the settings' addresses, or when those are not on this machine. */
async function reachable(settings: Settings): Promise<boolean> {
  const addresses = [
    firstBroker(settings),
    ...(settings.endpoint_url ? [new URL(settings.endpoint_url)] : []),
  ];
  const found = await Promise.all(addresses.map(answers));
  return found.every(Boolean);
}

async function answers({ hostname, port }: URL): Promise<boolean> {
  if (!["127.0.0.1", "localhost"].includes(hostname)) return true;
  const socket = createConnection(Number(port || 80), hostname);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(3_000) });
    return true;
  } catch {
    log.warn({ address: `${hostname}:${port}` }, "nothing answers there");
    return false;
  } finally {
    socket.destroy();
  }
}

async function main(): Promise<number> {
  const settings = loadSettings();
  switch (process.argv[2]) {
    case "consume":
      await bridgeUntilStopped(settings);
      return 0;
    case "reachable":
      return (await reachable(settings)) ? 0 : 1;
    default:
      process.stderr.write("usage: main.js consume | reachable\n");
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
