/** GET /healthz says 200 while the consumer is a member of its group and works, 503 when it is silent or stuck. */
import { createServer, type Server } from "node:http";
import { counts } from "./metrics.js";

export class Health {
  #lastBeat = Date.now();
  readonly #inHand = new Set<{ readonly since: number }>();

  constructor(
    private readonly silenceMs: number,
    private readonly workMs: number,
  ) {}

  /** The group's coordinator has answered. */
  beat(): void {
    this.#lastBeat = Date.now();
  }

  /** A record is in hand, until the answer is disposed of. */
  working(): Disposable {
    const record = { since: Date.now() };
    this.#inHand.add(record);
    return {
      [Symbol.dispose]: () => {
        this.#inHand.delete(record);
      },
    };
  }

  get isBusy(): boolean {
    return this.#inHand.size > 0;
  }

  get isAlive(): boolean {
    const now = Date.now();
    const isStuck = [...this.#inHand].some(({ since }) => now - since >= this.workMs);
    return now - this.#lastBeat < this.silenceMs && !isStuck;
  }

  /** Port 0 means off. */
  serve(port: number): Server | undefined {
    if (port === 0) return undefined;
    return createServer((request, response) => {
      const known = request.url === "/healthz";
      const { isAlive } = this;
      response.writeHead(known ? (isAlive ? 200 : 503) : 404, { "content-type": "application/json" });
      response.end(JSON.stringify({ status: isAlive ? "ok" : "silent", counts }));
    }).listen(port);
  }
}
