/** GET /healthz says 200 while the consumer's loop is alive, 503 when it was silent for too long. */
import { createServer, type Server } from "node:http";
import { counts } from "./metrics.js";

export class Health {
  #lastBeat = Date.now();

  constructor(private readonly patienceMs: number) {}

  beat(): void {
    this.#lastBeat = Date.now();
  }

  get isAlive(): boolean {
    return Date.now() - this.#lastBeat < this.patienceMs;
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
