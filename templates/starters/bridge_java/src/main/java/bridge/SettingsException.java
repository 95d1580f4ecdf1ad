package bridge;

import java.util.List;

/** Everything that is wrong with the settings, one problem a line. */
final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
