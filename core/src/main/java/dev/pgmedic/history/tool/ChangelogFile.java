package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.SAXException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * One changelog of Liquibase, in any of the languages that it may be written in.
 *
 * @param logicalPath what its change sets are recorded under instead of its own path
 * @param items its change sets and what it includes, in order
 */
record ChangelogFile(Optional<String> logicalPath, List<Item> items) {

  static final String LOGICAL_PATH = "logicalFilePath";
  static final String CHANGE_SET = "changeSet";
  private static final Set<String> CONDITIONS =
      Set.of("context", "contexts", "contextFilter", "labels", "dbms", "ignore");

  /**
   * A change set, or what is included.
   *
   * @param name what it is, as XML calls it
   * @param attributes what it says of itself
   * @param conditional whether it is run only where a condition holds
   * @param line the line that it begins in, from 1
   */
  record Item(String name, Map<String, String> attributes, boolean conditional, int line) {

    Optional<String> find(String attribute) {
      return Optional.ofNullable(attributes.get(attribute));
    }

    String get(String attribute) {
      return attributes.getOrDefault(attribute, "");
    }

    static Item of(String name, Map<String, String> attributes, int line) {
      return new Item(
          name, attributes, CONDITIONS.stream().anyMatch(attributes::containsKey), line);
    }

    Item withPreconditions() {
      return new Item(name, attributes, true, line);
    }
  }

  static boolean isChangelog(Path file) {
    return Pattern.matches(".*\\.(xml|ya?ml|json|sql)", Project.name(file));
  }

  static boolean isFormattedSql(Path file) {
    try {
      return Project.name(file).endsWith(".sql") && ChangelogSql.isFormatted(Project.text(file));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException when it cannot be read, or is not what its name says
   */
  static ChangelogFile read(Path file) throws IOException {
    String name = Project.name(file).toLowerCase(Locale.ROOT);
    try {
      if (name.endsWith(".xml")) {
        return ChangelogXml.read(Project.bytes(file));
      }
      String text = Project.text(file);
      return name.endsWith(".sql") ? ChangelogSql.read(text) : ChangelogYaml.read(text);
    } catch (SAXException | YAMLException | ParserConfigurationException e) {
      throw new IOException("expected a changelog of Liquibase in " + file, e);
    }
  }
}
