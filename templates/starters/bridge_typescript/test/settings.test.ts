/** Settings come from the file, are overridden by the environment, and are refused when they make no sense. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadSettings, SettingsError } from "../src/settings.js";

test("the settings of this project are sound and each has a reason", () => {
  loadSettings({});
  assert.equal(loadSettings({ DEPLOYED: "true" }).endpoint_url, null);
  const document = JSON.parse(readFileSync("settings.json", "utf8")) as Record<string, object>;
  assert.deepEqual(
    Object.keys(document["settings"] ?? {}).sort(),
    Object.keys(document["reasons"] ?? {}).sort(),
  );
});

test("the environment overrides the file", () => {
  const settings = loadSettings({ MAX_POLL_RECORDS: "7", SASL_MECHANISM: "", QUEUE_NAME: "jobs" });
  assert.deepEqual(
    [settings.max_poll_records, settings.sasl_mechanism, settings.queue_name],
    [7, null, "jobs"],
  );
});

for (const [name, text] of [
  ["TOPIC", ""],
  ["DEAD_LETTER_TOPIC", "no/slash"],
  ["QUEUE_NAME", ""],
  ["QUEUE_NAME", "jobs.fifo"],
  ["MAX_POLL_RECORDS", "0"],
  ["MAX_POLL_RECORDS", "many"],
  ["SECURITY_PROTOCOL", "SASL_SSL"],
  ["SECURITY_PROTOCOL", "none"],
  ["SASL_MECHANISM", "PLAIN"],
  ["ENDPOINT_URL", "127.0.0.1:4566"],
  ["HEALTH_PORT", "65536"],
  ["DEPLOYED", "perhaps"],
] as const) {
  test(`a senseless setting is refused: ${name}=${text}`, () => {
    assert.throws(() => loadSettings({ [name]: text }), SettingsError);
  });
}

test("all problems are named at once", () => {
  assert.throws(
    () => loadSettings({ TOPIC: "", HEALTH_PORT: "many", DEPLOYED: "perhaps" }),
    ({ message }: Error) => {
      const named = message.split("\n").map((line) => line.split(":")[0]);
      assert.deepEqual(named.sort(), ["deployed", "health_port", "topic"]);
      return true;
    },
  );
});
