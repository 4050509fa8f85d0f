package dev.pgmedic.history.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A changelog of Liquibase in YAML, or in JSON, which is YAML too. */
final class ChangelogYaml {

  private ChangelogYaml() {}

  static ChangelogFile read(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    Object root = new Yaml(new SafeConstructor(options)).load(text);
    List<ChangelogFile.Item> items = new ArrayList<>();
    Optional<String> logicalPath = Optional.empty();
    if (root instanceof Map<?, ?> map && map.get("databaseChangeLog") instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> one) {
          for (Map.Entry<?, ?> item : one.entrySet()) {
            String name = String.valueOf(item.getKey());
            if (item.getValue() instanceof Map<?, ?> body) {
              items.add(
                  ChangelogFile.Item.of(name, scalars(body), body.containsKey("preConditions")));
            } else if (name.equals(ChangelogFile.LOGICAL_PATH)) {
              logicalPath = Optional.of(String.valueOf(item.getValue()));
            }
          }
        }
      }
    }
    return new ChangelogFile(logicalPath, items);
  }

  private static Map<String, String> scalars(Map<?, ?> body) {
    Map<String, String> attributes = new LinkedHashMap<>();
    body.forEach((key, value) -> {
      if (!(value instanceof Map) && !(value instanceof List)) {
        attributes.put(String.valueOf(key), String.valueOf(value));
      }
    });
    return attributes;
  }
}
