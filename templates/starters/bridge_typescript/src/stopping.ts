/** A signal that SIGTERM and SIGINT raise; the work in hand is finished first. */

export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      stop.abort();
    });
  }
  return stop.signal;
}
