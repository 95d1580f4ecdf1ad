package messaging;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;

/**
 * Ends well when a server answers at the settings' endpoint, or when that is not on this machine.
 */
public final class Reachable {
  private static final Set<String> HERE = Set.of("127.0.0.1", "localhost");
  private static final int PATIENCE_MS = 3_000;

  private Reachable() {}

  public static void main(String[] arguments) {
    Program.run(
        settings -> settings.endpointUrl().map(URI::create).map(Reachable::answers).orElse(true));
  }

  private static boolean answers(URI endpoint) {
    if (!HERE.contains(endpoint.getHost())) {
      return true;
    }
    int port = endpoint.getPort() < 0 ? 80 : endpoint.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), port), PATIENCE_MS);
      return true;
    } catch (IOException error) {
      System.err.println("no SQS server at " + endpoint);
      return false;
    }
  }
}
