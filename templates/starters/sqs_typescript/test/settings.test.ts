/** Settings come from the file, are overridden by the environment, and are refused when they make no sense. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSettings, SettingsError } from "../src/settings.js";

// Not the settings of this project: what is tested here holds whatever they are.
const SOUND = {
  assumed_latency_ms: 60_000,
  assumed_message_bytes: 2_048,
  assumed_messages_per_second: 20,
  batch_size: 10,
  content_based_deduplication: false,
  dead_letter_queue_name: "invoice-jobs-dead-letters",
  dead_letter_retention_seconds: 1_209_600,
  delay_seconds: 0,
  endpoint_url: "http://127.0.0.1:4566",
  fifo: false,
  health_port: 0,
  high_throughput_fifo: false,
  max_message_bytes: 262_144,
  max_receive_count: 5,
  message_retention_seconds: 345_600,
  queue_name: "invoice-jobs",
  region: "us-east-1",
  topic_name: null,
  visibility_timeout_seconds: 30,
  wait_time_seconds: 20,
  worker_count: 5,
};
const DEPLOYED = { endpoint_url: null, health_port: 8080 };

function written(settings: Record<string, unknown> = SOUND): string {
  const file = join(mkdtempSync(join(tmpdir(), "settings-")), "settings.json");
  writeFileSync(file, JSON.stringify({ settings, deployed: DEPLOYED }));
  return file;
}

test("the settings of this project are sound and each has a reason", () => {
  loadSettings({});
  loadSettings({ DEPLOYED: "true" });
  const document = JSON.parse(readFileSync("settings.json", "utf8")) as Record<string, object>;
  assert.deepEqual(
    Object.keys(document["settings"] ?? {}).sort(),
    Object.keys(document["reasons"] ?? {}).sort(),
  );
});

test("the environment overrides the file", () => {
  const settings = loadSettings({ WORKER_COUNT: "7", FIFO: "false", ENDPOINT_URL: "" }, written());
  assert.deepEqual([settings.worker_count, settings.fifo, settings.endpoint_url], [7, false, null]);
});

test("deployed settings stand in for the local ones, and the environment for both", () => {
  const settings = loadSettings({ DEPLOYED: "true", HEALTH_PORT: "9000" }, written());
  assert.deepEqual([settings.endpoint_url, settings.health_port], [null, 9000]);
  assert.equal(loadSettings({ DEPLOYED: "false" }, written()).endpoint_url, SOUND.endpoint_url);
});

for (const [name, text] of [
  ["QUEUE_NAME", "no/slash"],
  ["QUEUE_NAME", "jobs.fifo"],
  ["QUEUE_NAME", ""],
  ["DEAD_LETTER_QUEUE_NAME", "a".repeat(81)],
  ["TOPIC_NAME", "events.fifo"],
  ["FIFO", "true"],
  ["FIFO", "perhaps"],
  ["WORKER_COUNT", "0"],
  ["WORKER_COUNT", "many"],
  ["WORKER_COUNT", ""],
  ["BATCH_SIZE", "11"],
  ["BATCH_SIZE", "1.5"],
  ["WAIT_TIME_SECONDS", "21"],
  ["DEAD_LETTER_RETENTION_SECONDS", "60"],
  ["CONTENT_BASED_DEDUPLICATION", "true"],
  ["ENDPOINT_URL", "127.0.0.1:4566"],
  ["HEALTH_PORT", "70000"],
  ["ASSUMED_LATENCY_MS", "0"],
  ["DEPLOYED", "yes"],
] as const) {
  test(`a senseless setting is refused: ${name}=${text.slice(0, 20)}`, () => {
    assert.throws(() => loadSettings({ [name]: text }, written()), SettingsError);
  });
}

test("all problems are named at once", () => {
  const { queue_name: _, ...rest } = SOUND;
  const file = written({ ...rest, batch_size: true, colour: "red" });
  assert.throws(
    () => loadSettings({}, file),
    ({ message }: Error) => {
      const named = message.split("\n").map((line) => line.split(":")[0]);
      assert.deepEqual(named.sort(), ["batch_size", "colour", "queue_name"]);
      return true;
    },
  );
});
