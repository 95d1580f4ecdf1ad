/** What the bench found beside what was assumed, as a few lines of text. */
import type { Settings } from "./settings.js";

const NEARLY = 0.98; // of the assumed rate: the sender's ticks do not end on the second
const BAR = 30;

export interface Found {
  readonly sent: number;
  readonly seconds: number;
  readonly arrived: number;
  /** Sent and not handled, when the sending ended. */
  readonly waiting: number;
  readonly latenciesMs: readonly number[];
}

export interface Report {
  readonly holds: boolean;
  readonly text: string;
}

export function report(settings: Settings, found: Found, waiting: string): Report {
  const rate = found.sent / found.seconds;
  const latency = percentiles(found.latenciesMs);
  const checks = {
    rate: rate >= NEARLY * settings.assumed_messages_per_second,
    latency: (latency[99] ?? Infinity) <= settings.assumed_latency_ms,
    arrived: found.arrived === found.sent,
  };
  const holds = Object.values(checks).every(Boolean);
  const lines = [
    `messages   ${found.sent} of ${settings.assumed_message_bytes} bytes in ${found.seconds.toFixed(1)} s`,
    `rate       ${rate.toFixed(0)}/s, assumed ${settings.assumed_messages_per_second}/s  (${word(checks.rate)})`,
    `latency    ${spelled(latency)}, assumed p99 ${settings.assumed_latency_ms} ms  (${word(checks.latency)})`,
    `${waiting.padEnd(10)} ${found.waiting} when the sending ended`,
    `arrived    ${found.arrived} of ${found.sent}  (${word(checks.arrived)})`,
    `The assumptions ${holds ? "hold" : "do not hold"} against this broker.`,
  ];
  return { holds, text: lines.join("\n") };
}

/** By nearest rank; endless where nothing arrived. */
function percentiles(latenciesMs: readonly number[]): Record<number, number> {
  const ordered = latenciesMs.toSorted((one, other) => one - other);
  const at = (percent: number) => ordered[Math.ceil((percent / 100) * ordered.length) - 1] ?? Infinity;
  return { 50: at(50), 95: at(95), 99: at(99) };
}

function spelled(latency: Record<number, number>): string {
  return Object.entries(latency)
    .map(([percent, value]) => `p${percent} ${value.toFixed(0)} ms`)
    .join(", ");
}

function word(holds: boolean): string {
  return holds ? "holds" : "does not hold";
}

/** A bar, on a terminal only. */
export function showProgress(share: number, sent: number): void {
  if (!process.stderr.isTTY) return;
  const bar = "#".repeat(Math.round(BAR * Math.min(1, share))).padEnd(BAR);
  process.stderr.write(`\r[${bar}] ${sent} sent${share >= 1 ? "\n" : ""}`);
}
