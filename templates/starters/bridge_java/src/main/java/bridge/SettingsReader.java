package bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Fills a record from the file and the environment, and collects what is wrong. The component
 * healthPort is the key health_port and the variable HEALTH_PORT; an Optional may be null. Knows no
 * setting by name.
 */
final class SettingsReader {
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final ObjectNode written = Json.MAPPER.createObjectNode();

  SettingsReader(Path file, Map<String, String> environment) {
    this.environment = environment;
    JsonNode document = parse(file);
    written.setAll((ObjectNode) document.required("settings"));
    if (isDeployed()) {
      written.setAll((ObjectNode) document.required("deployed"));
    }
  }

  /** Takes the value where neither the file nor the environment has one. */
  SettingsReader withDefault(String key, int value) {
    if (!written.has(key)) {
      written.put(key, value);
    }
    return this;
  }

  /** Throws SettingsException with all problems at once. */
  <T extends Record> T read(Class<T> kind) {
    RecordComponent[] components = kind.getRecordComponents();
    TreeSet<String> unknown = new TreeSet<>();
    written.fieldNames().forEachRemaining(unknown::add);
    Arrays.stream(components).forEach(component -> unknown.remove(key(component)));
    unknown.forEach(key -> problems.add(key + ": unknown setting"));
    Object[] values = Arrays.stream(components).map(this::value).toArray();
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return construct(kind, components, values);
  }

  private static JsonNode parse(Path file) {
    try {
      return Json.parse(Files.readAllBytes(file));
    } catch (IOException error) {
      throw new UncheckedIOException(file + " cannot be read", error);
    }
  }

  private boolean isDeployed() {
    String text = environment.getOrDefault("DEPLOYED", "");
    try {
      return !text.isEmpty() && (boolean) fromText(boolean.class, text);
    } catch (IllegalArgumentException error) {
      problems.add("deployed: " + error.getMessage());
      return false;
    }
  }

  private Object value(RecordComponent component) {
    String key = key(component);
    String text = environment.get(key.toUpperCase(Locale.ROOT));
    try {
      if (text != null) {
        return fromText(component.getType(), text);
      }
      if (written.has(key)) {
        return fromJson(component.getType(), written.get(key));
      }
      problems.add(key + ": missing");
    } catch (IllegalArgumentException error) {
      problems.add(key + ": " + error.getMessage());
    }
    return null;
  }

  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static Object fromText(Class<?> kind, String text) {
    if (kind == boolean.class) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
      };
    }
    if (kind == int.class) {
      return Integer.valueOf(text.strip());
    }
    if (kind == long.class) {
      return Long.valueOf(text.strip());
    }
    return kind == String.class ? text : Optional.of(text).filter(some -> !some.isEmpty());
  }

  private static Object fromJson(Class<?> kind, JsonNode value) {
    if (kind == boolean.class && value.isBoolean()) {
      return value.booleanValue();
    }
    if (kind == int.class && value.isIntegralNumber() && value.canConvertToInt()) {
      return value.intValue();
    }
    if (kind == long.class && value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (kind == String.class && value.isTextual()) {
      return value.textValue();
    }
    if (kind == Optional.class && (value.isNull() || value.isTextual())) {
      return Optional.ofNullable(value.textValue());
    }
    throw new IllegalArgumentException(
        value + " is not of the expected type (" + kind.getSimpleName() + ")");
  }

  private static <T extends Record> T construct(
      Class<T> kind, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return kind.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }
}
