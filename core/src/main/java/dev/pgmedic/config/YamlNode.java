package dev.pgmedic.config;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.target.Variables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A piece of YAML that knows where it stands, so that every mistake can be shown. */
final class YamlNode {

  private final String file;
  private final String path;
  private final int line;
  private final Node node;
  private final Function<String, Optional<String>> environment;

  private YamlNode(
      String file, String path, int line, Node node, Function<String, Optional<String>> variables) {
    this.file = file;
    this.path = path;
    this.line = line;
    this.node = node;
    this.environment = variables;
  }

  /** The whole of a file. */
  static YamlNode root(String file, Node node, Function<String, Optional<String>> environment) {
    return new YamlNode(file, "", line(node), node, environment);
  }

  // Where a value has a name it is looked for at the name, also when it begins further below.
  private YamlNode child(String name, int at, Node child) {
    return new YamlNode(file, path.isEmpty() ? name : path + "." + name, at, child, environment);
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  ConfigException mistake(String what) {
    return new ConfigException(place(), path.isEmpty() ? what : path + ": " + what);
  }

  /** Its file and line. */
  String place() {
    return file + " line " + line;
  }

  /** The entries of a mapping; only these names are allowed. */
  Map<String, YamlNode> fields(String... allowed) {
    Map<String, YamlNode> fields = entries();
    Set<String> names = new TreeSet<>(List.of(allowed));
    fields.forEach((name, value) -> {
      if (!names.contains(name)) {
        throw value.mistake("is not known here; expected one of " + names);
      }
    });
    return fields;
  }

  /** The entries of a mapping whose names are the user's own. */
  Map<String, YamlNode> entries() {
    if (isNull()) {
      return Map.of();
    }
    if (!(node instanceof MappingNode mapping)) {
      throw mistake("expected names with values");
    }
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw mistake("expected plain names");
      }
      YamlNode value = child(key.getValue(), line(key), tuple.getValueNode());
      if (entries.put(key.getValue(), value) != null) {
        throw value.mistake("stands twice");
      }
    }
    return entries;
  }

  List<YamlNode> items() {
    if (isNull()) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw mistake("expected a list");
    }
    List<YamlNode> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(child("[" + items.size() + "]", line(item), item));
    }
    return items;
  }

  private boolean isNull() {
    return node.getTag().equals(org.yaml.snakeyaml.nodes.Tag.NULL);
  }

  /** Whether it is a single text, and neither a list nor a mapping. */
  boolean isText() {
    return node instanceof ScalarNode && !isNull();
  }

  /** Whether it is a list. */
  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw mistake("expected true or false, found \"" + text() + "\"");
    };
  }

  /** A text, its <code>${NAME}</code> replaced from the environment. */
  String text() {
    return Variables.REFERENCE
        .matcher(scalar())
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
  }

  /** A text as it is written: its <code>${NAME}</code> are there, and stay. */
  String written() {
    for (String name : Variables.named(scalar())) {
      if (environment.apply(name).isEmpty()) {
        throw unset(name);
      }
    }
    return scalar();
  }

  private String scalar() {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw mistake("expected a text");
    }
    return scalar.getValue();
  }

  private String value(String name) {
    return environment.apply(name).orElseThrow(() -> unset(name));
  }

  private ConfigException unset(String name) {
    return mistake("the environment has no " + name + ", which is expected");
  }

  List<String> texts() {
    return items().stream().map(YamlNode::text).toList();
  }

  /** The words of a command, as they are written. */
  List<String> words() {
    return items().stream().map(YamlNode::written).toList();
  }

  Duration duration() {
    return parsed(DurationText::parse);
  }

  long number() {
    try {
      return Long.parseLong(text().strip());
    } catch (NumberFormatException e) {
      throw mistake("expected a whole number, found \"" + text() + "\"");
    }
  }

  <E extends Enum<E>> E oneOf(Class<E> type) {
    String word = text();
    List<String> names = new ArrayList<>();
    for (E value : type.getEnumConstants()) {
      String name = value.name().toLowerCase(Locale.ROOT);
      if (name.equals(word)) {
        return value;
      }
      names.add(name);
    }
    throw mistake("expected one of " + names + ", found \"" + word + "\"");
  }

  /**
   * What {@code parser} makes of the text; its IllegalArgumentException becomes a mistake at this
   * line.
   */
  <T> T parsed(Function<String, T> parser) {
    try {
      return parser.apply(text());
    } catch (IllegalArgumentException e) {
      throw mistake(String.valueOf(e.getMessage()));
    }
  }
}
