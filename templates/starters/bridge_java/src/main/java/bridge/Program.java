package bridge;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program from its start to its exit code: 0 all went well, 1 it did not, 2 bad settings. */
final class Program {
  private static final Logger log = LoggerFactory.getLogger(Program.class);

  /** What a program does; true when all went well. */
  @FunctionalInterface
  interface Task {
    boolean run(Settings settings) throws Exception;
  }

  /** What goes on until it is stopped. */
  @FunctionalInterface
  interface Service {
    void run(Settings settings, StopSignal stop) throws Exception;
  }

  private Program() {}

  static void run(Task task) {
    System.exit(exitCode(task));
  }

  /**
   * SIGTERM and Ctrl-C let it finish what it has in hand, and then it ends with 0. The JVM itself
   * would end with 143, however well all went.
   */
  static void runUntilStopped(Service service) {
    StopSignal stop = new StopSignal();
    CountDownLatch ended = new CountDownLatch(1);
    int[] code = {1};
    Thread hook = new Thread(() -> stopAndExit(stop, ended, code), "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      code[0] = exitCode(settings -> run(service, settings, stop));
    } finally {
      ended.countDown(); // and so the hook sees the code
    }
    System.exit(code[0]);
  }

  private static boolean run(Service service, Settings settings, StopSignal stop) throws Exception {
    service.run(settings, stop);
    return true;
  }

  private static int exitCode(Task task) {
    try {
      return task.run(Settings.load()) ? 0 : 1;
    } catch (SettingsException error) {
      System.err.println(error.getMessage());
      return 2;
    } catch (MissingException error) {
      System.err.println(error.getMessage());
      return 1;
    } catch (Exception error) {
      log.error("ended", error);
      return 1;
    }
  }

  private static void stopAndExit(StopSignal stop, CountDownLatch ended, int[] code) {
    stop.request();
    try {
      ended.await();
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code[0]);
  }
}
