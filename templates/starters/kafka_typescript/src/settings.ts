/**
 * What the workload decided: settings.json, each key overridable by the environment variable of its
 * upper-cased name. With DEPLOYED=true the keys under `deployed` stand in for those of local work.
 * Secrets are not settings: connection.ts takes them from the environment only.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;
const FILE = new URL("../../settings.json", import.meta.url);

const atLeast = (low: number) => z.int().min(low, `must be at least ${low}`);
const oneOf = <const Words extends readonly string[]>(...words: Words) =>
  z.enum(words, `must be one of ${words.join(", ")}`);
const topicName = () =>
  z.string().refine((name) => TOPIC_NAME.test(name) && name !== "." && name !== "..", "not a topic name");

const schema = z
  .strictObject({
    bootstrap_servers: z.string().min(1, "must name a broker"),
    topic: topicName(),
    dead_letter_topic: topicName(),
    partitions: atLeast(1),
    dead_letter_partitions: atLeast(1),
    replication_factor: atLeast(1),
    min_insync_replicas: atLeast(0), // 0 leaves it to the cluster
    cleanup_policy: oneOf("delete", "compact", "compact,delete"),
    retention_ms: atLeast(-1), // -1 is for ever
    dead_letter_retention_ms: atLeast(-1),
    max_record_bytes: atLeast(1),
    dead_letter_max_record_bytes: atLeast(1),
    consumer_group: z.string().min(1, "must not be empty"),
    acks: oneOf("all", "1", "0"),
    enable_idempotence: z.boolean(),
    linger_ms: atLeast(0),
    compression_type: oneOf("gzip", "none"),
    max_poll_records: atLeast(1),
    max_poll_interval_ms: atLeast(1),
    max_attempts: atLeast(1),
    retry_backoff_ms: atLeast(0),
    security_protocol: oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    sasl_mechanism: oneOf("PLAIN", "SCRAM-SHA-512", "AWS_MSK_IAM").nullable(),
    // How long a consumer that died keeps its partitions. Not decided by the workload: Kafka's own value.
    session_timeout_ms: atLeast(1).default(45_000),
    health_port: atLeast(0).max(65_535, "must be at most 65535"),
    assumed_messages_per_second: atLeast(1),
    assumed_message_bytes: atLeast(1),
    assumed_latency_ms: atLeast(1),
  })
  .superRefine((settings, context) => {
    for (const message of contradictions(settings)) context.addIssue({ code: "custom", message });
  });

export type Settings = z.infer<typeof schema>;
type Written = Readonly<Record<string, unknown>>;

/** Everything that is wrong with the settings, one problem a line. */
export class SettingsError extends Error {
  override name = "SettingsError";
}

export function loadSettings(
  environment: NodeJS.ProcessEnv = process.env,
  file: URL | string = FILE,
): Settings {
  const document = JSON.parse(readFileSync(file, "utf8")) as { settings: Written; deployed?: Written };
  const deployed = environment["DEPLOYED"]?.toLowerCase() ?? "";
  const written = { ...document.settings, ...(deployed === "true" ? document.deployed : {}) };
  const found = schema.safeParse(
    { ...written, ...fromEnvironment(environment) },
    { error: (issue) => (issue.input === undefined ? "missing" : undefined) },
  );
  const problems = found.success ? [] : found.error.issues.flatMap(describe);
  if (!["", "true", "false"].includes(deployed)) problems.push("deployed: neither true nor false");
  if (found.success && problems.length === 0) return found.data;
  throw new SettingsError(problems.join("\n"));
}

function fromEnvironment(environment: NodeJS.ProcessEnv): Written {
  return Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const text = environment[name.toUpperCase()];
      return text === undefined ? [] : [[name, fromText(field, text)]];
    }),
  );
}

/** What cannot be read stays text, for the schema to refuse. */
function fromText(field: z.ZodType, text: string): unknown {
  const kind = field instanceof z.ZodDefault ? field.unwrap() : field;
  if (kind instanceof z.ZodNumber)
    return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  if (kind instanceof z.ZodBoolean)
    return ({ true: true, false: false } as Written)[text.toLowerCase()] ?? text;
  return kind instanceof z.ZodNullable && text === "" ? null : text;
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: unknown setting`);
  return [issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message];
}

/** What each setting may be by itself, but not together with the others. */
function contradictions(settings: Settings): string[] {
  const pausesMs = settings.retry_backoff_ms * (2 ** (settings.max_attempts - 1) - 1);
  const claims: [boolean, string][] = [
    [settings.topic !== settings.dead_letter_topic, "dead_letter_topic: must differ from topic"],
    [
      settings.min_insync_replicas <= settings.replication_factor,
      "min_insync_replicas: above replication_factor",
    ],
    [
      settings.dead_letter_max_record_bytes >= settings.max_record_bytes,
      "dead_letter_max_record_bytes: below max_record_bytes",
    ],
    [settings.acks === "all" || !settings.enable_idempotence, "enable_idempotence: needs acks to be all"],
    [
      settings.security_protocol.startsWith("SASL") === (settings.sasl_mechanism !== null),
      "sasl_mechanism: needed by the SASL protocols and by no other",
    ],
    [
      pausesMs <= settings.max_poll_interval_ms / 2,
      `retry_backoff_ms: the pauses add up to ${pausesMs} ms, more than half of max_poll_interval_ms`,
    ],
  ];
  return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}
