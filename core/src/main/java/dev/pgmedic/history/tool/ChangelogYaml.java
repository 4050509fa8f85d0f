package dev.pgmedic.history.tool;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A changelog of Liquibase in YAML, or in JSON, which is YAML too. */
final class ChangelogYaml {

  private static final String CHANGELOG = "databaseChangeLog";

  private ChangelogYaml() {}

  static ChangelogFile read(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    Yaml yaml = new Yaml(new SafeConstructor(options));
    Object root = yaml.load(text);
    List<ChangelogFile.Item> items = new ArrayList<>();
    Optional<String> logicalPath = Optional.empty();
    if (root instanceof Map<?, ?> map && map.get(CHANGELOG) instanceof List<?> entries) {
      List<Integer> lines = lines(yaml.compose(new StringReader(text)));
      for (int at = 0; at < entries.size(); at++) {
        if (entries.get(at) instanceof Map<?, ?> one) {
          for (Map.Entry<?, ?> item : one.entrySet()) {
            String name = String.valueOf(item.getKey());
            if (item.getValue() instanceof Map<?, ?> body) {
              ChangelogFile.Item said = ChangelogFile.Item.of(name, scalars(body), lines.get(at));
              items.add(body.containsKey("preConditions") ? said.withPreconditions() : said);
            } else if (name.equals(ChangelogFile.LOGICAL_PATH)) {
              logicalPath = Optional.of(String.valueOf(item.getValue()));
            }
          }
        }
      }
    }
    return new ChangelogFile(logicalPath, items);
  }

  // The tree of the values has none.
  private static List<Integer> lines(Node root) {
    return ((MappingNode) root)
        .getValue().stream()
            .filter(pair ->
                pair.getKeyNode() instanceof ScalarNode key && key.getValue().equals(CHANGELOG))
            .flatMap(pair -> ((SequenceNode) pair.getValueNode()).getValue().stream())
            .map(entry -> entry.getStartMark().getLine() + 1)
            .toList();
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
