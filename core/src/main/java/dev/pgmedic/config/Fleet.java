package dev.pgmedic.config;

import dev.pgmedic.target.Target;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The targets of all files, each of which is named once. */
final class Fleet {

  private final TargetReader reader;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final Map<String, String> places = new HashMap<>();

  Fleet(TargetReader reader) {
    this.reader = reader;
  }

  /** Adds the targets of one file, whose folder is {@code base}. */
  void add(@Nullable YamlNode node, Path base) {
    if (node != null) {
      node.entries().forEach((name, value) -> add(name, value, base));
    }
  }

  private void add(String name, YamlNode value, Path base) {
    String before = places.put(name, value.place());
    if (before != null) {
      throw value.mistake("expected another name: this one stands in " + before + " too");
    }
    targets.put(name, reader.read(name, value, base));
  }

  Map<String, Target> targets() {
    return targets;
  }
}
