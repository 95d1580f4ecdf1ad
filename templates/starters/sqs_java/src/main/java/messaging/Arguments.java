package messaging;

import java.util.List;

/** The few arguments that this project's programs take. */
final class Arguments {
  private Arguments() {}

  static int number(List<String> arguments, String name, int otherwise) {
    int at = arguments.indexOf(name);
    return at < 0 ? otherwise : Integer.parseInt(arguments.get(at + 1));
  }
}
