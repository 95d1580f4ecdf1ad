package bridge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/** GET /healthz on every address: 200 while the heart beats, else 503. Port 0 opens nothing. */
final class Health implements AutoCloseable {
  private final HttpServer server;

  private Health(HttpServer server) {
    this.server = server;
  }

  static Health serve(int port, Heartbeat heartbeat) throws IOException {
    if (port == 0) {
      return new Health(null);
    }
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", port), 0);
    server.createContext("/healthz", exchange -> answer(exchange, heartbeat.isAlive()));
    server.start();
    return new Health(server);
  }

  private static void answer(HttpExchange exchange, boolean isAlive) throws IOException {
    try (exchange) {
      String status = isAlive ? "ok" : "stuck";
      byte[] body = Json.write(Map.of("status", status, "counts", Metrics.counts()));
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(isAlive ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
