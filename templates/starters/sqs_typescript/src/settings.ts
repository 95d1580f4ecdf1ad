/**
 * What the workload decided: settings.json, each key overridable by the environment variable of its
 * upper-cased name. With DEPLOYED=true the keys under `deployed` stand in for those of local work.
 * AWS credentials are not settings: the SDK finds them where it always does.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

const STANDARD_NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo$/;
const STANDARD_TOPIC = /^[A-Za-z0-9_-]{1,256}$/;
const FIFO_TOPIC = /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/;
const FILE = new URL("../../settings.json", import.meta.url);

const between = (low: number, high: number) =>
  z.int().refine((value) => low <= value && value <= high, `must be between ${low} and ${high}`);

// Bounds are what SQS accepts:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const schema = z
  .strictObject({
    queue_name: z.string(),
    dead_letter_queue_name: z.string(),
    topic_name: z.string().nullable(),
    region: z.string(),
    endpoint_url: z
      .string()
      .regex(/^https?:\/\//, "must be a URL, or null for AWS")
      .nullable(),
    fifo: z.boolean(),
    visibility_timeout_seconds: between(1, 43_200),
    message_retention_seconds: between(60, 1_209_600),
    dead_letter_retention_seconds: between(60, 1_209_600),
    wait_time_seconds: between(0, 20),
    batch_size: between(1, 10),
    max_receive_count: between(1, 1_000),
    delay_seconds: between(0, 900),
    max_message_bytes: between(1_024, 1_048_576),
    content_based_deduplication: z.boolean(),
    high_throughput_fifo: z.boolean(),
    worker_count: between(1, 1_000),
    health_port: between(0, 65_535),
    assumed_messages_per_second: between(1, 1_000_000_000),
    assumed_message_bytes: between(1, 1_048_576),
    assumed_latency_ms: between(1, 1_000_000_000),
  })
  .superRefine((settings, context) => {
    for (const message of contradictions(settings)) context.addIssue({ code: "custom", message });
  });

export type Settings = z.infer<typeof schema>;

/** By how much every message is delayed: only a standard queue sent to directly delays each by what is asked. */
export function queueDelaySeconds(settings: Settings): number {
  return settings.fifo || settings.topic_name !== null ? settings.delay_seconds : 0;
}

/** The most that may be asked for one message. */
export function messageDelaySecondsMax(settings: Settings): number {
  return settings.delay_seconds - queueDelaySeconds(settings);
}

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
  if (field instanceof z.ZodNumber)
    return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  if (field instanceof z.ZodBoolean)
    return ({ true: true, false: false } as Written)[text.toLowerCase()] ?? text;
  return field instanceof z.ZodNullable && text === "" ? null : text;
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: unknown setting`);
  return [issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message];
}

/** What each setting may be by itself, but not together with the others. */
function contradictions(settings: Settings): string[] {
  const [queue, topic, shape] = settings.fifo
    ? [FIFO_NAME, FIFO_TOPIC, "ending in .fifo"]
    : [STANDARD_NAME, STANDARD_TOPIC, "without .fifo"];
  const names = [settings.queue_name, settings.dead_letter_queue_name];
  const claims: [boolean, string][] = [
    ...names.map((name): [boolean, string] => [
      queue.test(name),
      `${JSON.stringify(name)} is not a queue name ${shape}`,
    ]),
    [
      settings.topic_name === null || topic.test(settings.topic_name),
      `topic_name: not a topic name ${shape}`,
    ],
    [names[0] !== names[1], "dead_letter_queue_name: must differ from queue_name"],
    [
      settings.fifo || !(settings.content_based_deduplication || settings.high_throughput_fifo),
      "content_based_deduplication, high_throughput_fifo: for FIFO queues only",
    ],
    [
      settings.message_retention_seconds <= settings.dead_letter_retention_seconds,
      "dead_letter_retention_seconds: below message_retention_seconds (the age counts from the first sending)",
    ],
  ];
  return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}
