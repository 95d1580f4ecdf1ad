/** What the bridge counts. Add your metrics library to count(); /healthz shows the same numbers. */

export const counts = { received: 0, retried: 0, dead_lettered: 0, sent: 0 };

export function count(name: keyof typeof counts, amount = 1): void {
  counts[name] += amount;
}
