package messaging;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;

/**
 * Ends well when a broker answers at the settings' address, or when that address is not on this
 * machine.
 */
public final class Reachable {
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost");
  private static final int PATIENCE_MS = 3_000;

  private Reachable() {}

  public static void main(String[] arguments) {
    Program.run(settings -> isReachable(settings.bootstrapServers().split(",", 2)[0]));
  }

  private static boolean isReachable(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(colon, 0));
    if (!HERE.contains(host)) {
      return true;
    }
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), PATIENCE_MS);
      return true;
    } catch (IOException error) {
      System.err.println("no broker at " + address);
      return false;
    }
  }
}
