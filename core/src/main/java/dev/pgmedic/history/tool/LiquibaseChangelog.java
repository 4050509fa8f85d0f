package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The change sets of a Liquibase project in the order of its changelog, with all that it includes.
 */
final class LiquibaseChangelog {

  private static final int DEEPEST = 50;
  private static final List<String> FOLDERS =
      List.of("", "src/main/resources", "db/changelog", "src/main/resources/db/changelog");
  private static final List<String> ROOTS =
      List.of("db.changelog-master", "changelog-master", "changelog-root", "changelog", "root");
  private static final List<String> ENDINGS = List.of(".xml", ".yaml", ".yml", ".json", ".sql");
  private static final Pattern SETTING =
      Pattern.compile("(?im)^\\s*(?:liquibase\\.command\\.)?change-?log-?file\\s*[=:]\\s*(\\S+)");

  private final Path project;
  private final List<MigrationFile> changeSets = new ArrayList<>();
  private final Set<Path> read = new HashSet<>();

  private LiquibaseChangelog(Path project) {
    this.project = project;
  }

  /**
   * Reads a project.
   *
   * @throws IOException when no root changelog is found, or a file of it cannot be read
   */
  static List<MigrationFile> read(Path project) throws IOException {
    LiquibaseChangelog changelog = new LiquibaseChangelog(Project.folder(project));
    Optional<Path> root = changelog.root();
    if (root.isPresent()) {
      changelog.add(root.get(), Project.below(project, root.get()), 0);
    } else {
      for (Path file : Project.files(project, ChangelogFile::isFormattedSql)) {
        changelog.add(file, Project.below(project, file), 0);
      }
    }
    if (changelog.read.isEmpty()) {
      throw new IOException(
          "expected liquibase.properties, db.changelog-master.xml, .yaml, .json or .sql,"
              + " or formatted SQL in "
              + project);
    }
    return changelog.changeSets;
  }

  private Optional<Path> root() throws IOException {
    Path settings = project.resolve("liquibase.properties");
    if (Files.isRegularFile(settings)) {
      Matcher said = SETTING.matcher(Project.text(settings));
      if (said.find()) {
        return Optional.of(found(said.group(1), project));
      }
    }
    for (String folder : FOLDERS) {
      for (String name : ROOTS) {
        for (String ending : ENDINGS) {
          Path file = project.resolve(folder).resolve(name + ending);
          if (Files.isRegularFile(file)) {
            return Optional.of(file);
          }
        }
      }
    }
    return Optional.empty();
  }

  private void add(Path file, String path, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException(
          "expected at most " + DEEPEST + " changelogs within each other: " + path);
    }
    if (!read.add(file)) {
      return;
    }
    ChangelogFile changelog = ChangelogFile.read(file);
    String called = changelog.logicalPath().orElse(path);
    List<ChangelogFile.Item> items = changelog.items();
    for (int at = 0; at < items.size(); at++) {
      ChangelogFile.Item item = items.get(at);
      int next = at + 1 < items.size() ? items.get(at + 1).line() : Integer.MAX_VALUE;
      switch (item.name()) {
        case "changeSet" ->
            changeSets.add(
                changeSet(item, called, path).at(new MigrationFile.Lines(item.line(), next - 1)));
        case "include" -> include(item, item.get("file"), file, path, depth);
        case "includeAll" -> includeAll(item, file, path, depth);
        default -> {} // properties, preconditions: nothing that is recorded
      }
    }
  }

  private static MigrationFile changeSet(ChangelogFile.Item item, String called, String path) {
    String version =
        item.find("logicalFilePath").orElse(called)
            + Liquibase.BETWEEN
            + item.get("id")
            + Liquibase.BETWEEN
            + item.get("author");
    return MigrationFile.of(version, path)
        .that(item.conditional() ? MigrationFile.Runs.ON_CONDITION : MigrationFile.Runs.ONCE);
  }

  private void include(
      ChangelogFile.Item item, String wanted, Path from, String fromPath, int depth)
      throws IOException {
    boolean relative = item.find("relativeToChangelogFile").orElse("").equals("true");
    Path file = relative ? from.resolveSibling(wanted).normalize() : found(wanted, project);
    String path = relative ? beside(fromPath, wanted) : wanted;
    int before = changeSets.size();
    add(file, path, depth + 1);
    if (item.conditional()) {
      changeSets
          .subList(before, changeSets.size())
          .replaceAll(set -> set.that(MigrationFile.Runs.ON_CONDITION));
    }
  }

  private void includeAll(ChangelogFile.Item item, Path from, String fromPath, int depth)
      throws IOException {
    String wanted = item.get("path");
    boolean relative = item.find("relativeToChangelogFile").orElse("").equals("true");
    Path folder = relative ? from.resolveSibling(wanted).normalize() : found(wanted, project);
    for (Path file : Project.files(folder, ChangelogFile::isChangelog)) {
      String below = Project.below(folder, file);
      String base = wanted.endsWith("/") ? wanted : wanted + "/";
      include(item, base + below, from, fromPath, depth);
    }
  }

  // What is not beside its changelog is looked for where the resources usually are.
  private static Path found(String wanted, Path project) throws IOException {
    String name = wanted.replaceFirst("^(classpath:|file:)?/*", "");
    for (String folder : FOLDERS) {
      Path file = project.resolve(folder).resolve(name).normalize();
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new IOException("expected the changelog " + name + " in " + project);
  }

  private static String beside(String path, String wanted) {
    int slash = path.lastIndexOf('/');
    return Path.of(path.substring(0, slash + 1) + wanted).normalize().toString().replace('\\', '/');
  }
}
