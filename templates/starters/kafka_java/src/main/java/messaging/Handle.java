package messaging;

/**
 * Does the work of one message. Handler is the one to edit; tests and the bench bring their own.
 */
@FunctionalInterface
public interface Handle {
  void handle(Message message) throws Exception;
}
