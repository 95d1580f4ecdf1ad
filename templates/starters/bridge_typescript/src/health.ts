/** GET /healthz says 200 while the bridge is a member of its group and works, 503 when it is silent or stuck. */
import { createServer, type Server } from "node:http";
import { counts } from "./metrics.js";

export class Health {
  #lastBeat = Date.now();
  #workingSince: number | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly workMs: number,
  ) {}

  /** The group's coordinator has answered. */
  beat(): void {
    this.#lastBeat = Date.now();
  }

  /** A batch is being sent, until the answer is disposed of. */
  working(): Disposable {
    this.#workingSince = Date.now();
    return {
      [Symbol.dispose]: () => {
        this.#workingSince = undefined;
      },
    };
  }

  get isAlive(): boolean {
    const now = Date.now();
    return now - this.#lastBeat < this.silenceMs && now - (this.#workingSince ?? now) < this.workMs;
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
