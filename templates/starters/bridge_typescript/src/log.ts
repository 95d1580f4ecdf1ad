/** One JSON object a line on standard error: log.info({ group }, "handled"). Node's own warnings join in. LOG_LEVEL=silent. */
import { pino } from "pino";

export const log = pino(
  {
    level: process.env["LOG_LEVEL"] ?? "info",
    base: null,
    messageKey: "message",
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  },
  pino.destination({ dest: 2, sync: true }),
);

process.removeAllListeners("warning").on("warning", (warning) => {
  log.warn({ warning: warning.name }, warning.message);
});
