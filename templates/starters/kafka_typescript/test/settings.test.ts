/** Settings come from the file, are overridden by the environment, and are refused when they make no sense. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSettings, SettingsError } from "../src/settings.js";

// Not the settings of this project: what is tested here holds whatever they are.
const SOUND = {
  acks: "all",
  assumed_latency_ms: 1_000,
  assumed_message_bytes: 1_024,
  assumed_messages_per_second: 100,
  bootstrap_servers: "127.0.0.1:9092",
  compression_type: "gzip",
  consumer_group: "order-events-consumer",
  dead_letter_topic: "order-events.dead-letters",
  enable_idempotence: true,
  health_port: 0,
  linger_ms: 20,
  dead_letter_max_record_bytes: 1_114_124,
  dead_letter_partitions: 3,
  max_attempts: 5,
  max_poll_interval_ms: 300_000,
  max_poll_records: 100,
  max_record_bytes: 1_048_588,
  min_insync_replicas: 2,
  partitions: 12,
  replication_factor: 3,
  cleanup_policy: "delete",
  retention_ms: 604_800_000,
  dead_letter_retention_ms: 1_209_600_000,
  retry_backoff_ms: 200,
  sasl_mechanism: null,
  security_protocol: "PLAINTEXT",
  topic: "order-events",
};
const DEPLOYED = { security_protocol: "SASL_SSL", sasl_mechanism: "PLAIN" };

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
  const settings = loadSettings(
    { PARTITIONS: "7", ENABLE_IDEMPOTENCE: "false", SASL_MECHANISM: "" },
    written(),
  );
  assert.deepEqual(
    [settings.partitions, settings.enable_idempotence, settings.sasl_mechanism],
    [7, false, null],
  );
});

test("deployed settings stand in for the local ones, and the environment for both", () => {
  const settings = loadSettings({ DEPLOYED: "true", SASL_MECHANISM: "SCRAM-SHA-512" }, written());
  assert.deepEqual([settings.security_protocol, settings.sasl_mechanism], ["SASL_SSL", "SCRAM-SHA-512"]);
  assert.equal(loadSettings({ DEPLOYED: "false" }, written()).security_protocol, "PLAINTEXT");
});

for (const [name, text] of [
  ["TOPIC", "no/slash"],
  ["TOPIC", ".."],
  ["TOPIC", ""],
  ["DEAD_LETTER_TOPIC", "a".repeat(250)],
  ["DEAD_LETTER_TOPIC", "order-events"],
  ["PARTITIONS", "0"],
  ["PARTITIONS", "many"],
  ["PARTITIONS", ""],
  ["ENABLE_IDEMPOTENCE", "perhaps"],
  ["ACKS", "1"],
  ["COMPRESSION_TYPE", "zip"],
  ["CLEANUP_POLICY", "keep"],
  ["MIN_INSYNC_REPLICAS", "9"],
  ["MIN_INSYNC_REPLICAS", "-1"],
  ["DEAD_LETTER_PARTITIONS", "0"],
  ["MAX_RECORD_BYTES", "2000000"],
  ["SECURITY_PROTOCOL", "SASL_SSL"],
  ["SASL_MECHANISM", "GSSAPI"],
  ["RETRY_BACKOFF_MS", "100000"],
  ["HEALTH_PORT", "70000"],
  ["ASSUMED_LATENCY_MS", "0"],
  ["DEPLOYED", "yes"],
] as const) {
  test(`a senseless setting is refused: ${name}=${text.slice(0, 20)}`, () => {
    assert.throws(() => loadSettings({ [name]: text }, written()), SettingsError);
  });
}

test("all problems are named at once", () => {
  const { topic: _, ...rest } = SOUND;
  const file = written({ ...rest, partitions: true, colour: "red" });
  assert.throws(
    () => loadSettings({}, file),
    ({ message }: Error) => {
      const named = message.split("\n").map((line) => line.split(":")[0]);
      assert.deepEqual(named.sort(), ["colour", "partitions", "topic"]);
      return true;
    },
  );
});
