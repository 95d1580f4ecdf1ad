package bridge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Ends well when broker and queue answer at the settings' addresses, or when those are not on this
 * machine.
 */
public final class Reachable {
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost");
  private static final int PATIENCE_MS = 3_000;

  private Reachable() {}

  public static void main(String[] arguments) {
    Program.run(
        settings -> {
          String broker = "kafka://" + settings.bootstrapServers().split(",", 2)[0];
          // Both are asked, so that both are named.
          return Stream.concat(Stream.of(broker), settings.endpointUrl().stream())
              .map(URI::create)
              .map(Reachable::answers)
              .reduce(true, Boolean::logicalAnd);
        });
  }

  private static boolean answers(URI address) {
    if (address.getHost() == null || !HERE.contains(address.getHost())) {
      return true;
    }
    int port = address.getPort() < 0 ? 80 : address.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), port), PATIENCE_MS);
      return true;
    } catch (IOException error) {
      System.err.println("nothing answers at " + address);
      return false;
    }
  }
}
