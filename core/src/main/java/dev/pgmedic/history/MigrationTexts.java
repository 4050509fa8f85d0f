package dev.pgmedic.history;

import dev.pgmedic.history.tool.MigrationFile;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.OnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the files of some migrations say of their way up. What a file does on its way down is not
 * among it: that names, and drops, all that the migration makes.
 */
public final class MigrationTexts {

  // As Alembic, Rails, Knex and its like, dbmate, goose and node-pg-migrate write it.
  private static final String FUNCTION =
      "(?:(?:module\\.)?exports\\.|public |async |self\\.)*+(?:def )?(?:async )?";

  private static final Pattern DOWN =
      Pattern.compile(
          "(?msi)^[ \\t]*(?:"
              + FUNCTION
              + "down(?:grade)?\\b *[=(:\\n]|--+ *(?:migrate:|\\+\\w+ +)?down\\b).*?(?=^[ \\t]*(?:"
              + FUNCTION
              + "up(?:grade)?\\b *[=(:\\n]|--+ *(?:migrate:|\\+\\w+ +)?up\\b)|\\z)"
              // As Liquibase writes it.
              + "|^[ \\t]*--+ *rollback\\b[^\\n]*|<rollback\\b.*?</rollback>"
              + "|^(?<key>[ \\t]*)rollback:[^\\n]*(?:\\n\\k<key>(?:[ \\t]|- )[^\\n]*)*"
              + "|^(?<item>[ \\t]*)- rollback:[^\\n]*(?:\\n\\k<item>[ \\t][^\\n]*)*");

  private static final String MAKING = "(?i:create|add|alter|change|modify|rename)[^;]{0,500}?";

  private static final Pattern SOURCE =
      Pattern.compile("(?<!\\.down)\\.(sql|py|rb|[cm]?[jt]s|xml|ya?ml|json)$");
  private static final long LARGEST_FILE = 1_000_000;
  private static final int MOST_FILES = 5_000;
  private static final int DEEPEST = 6;

  private final List<Text> texts;

  private MigrationTexts(List<Text> texts) {
    this.texts = List.copyOf(texts);
  }

  /**
   * A file, or some lines of it.
   *
   * @param first the number of the first line
   */
  private record Text(String version, String path, int first, List<String> lines) {}

  private static List<String> lines(Path file) throws IOException {
    return up(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).lines().toList();
  }

  // Every line keeps its number.
  private static String up(String text) {
    return DOWN.matcher(text)
        .replaceAll(down -> "\n".repeat((int) down.group().chars().filter(c -> c == '\n').count()));
  }

  /**
   * Reads those of some versions. Blocking.
   *
   * @throws IOException when the files cannot be read
   */
  public static MigrationTexts of(MigrationTool tool, Path project, Collection<String> versions)
      throws IOException {
    return read(
        project,
        files(tool, project).stream().filter(file -> versions.contains(file.version())).toList());
  }

  /**
   * As {@link #of}, without the files that other versions are in, too: of what such a file names
   * nobody knows whose it is. Blocking.
   *
   * @throws IOException when the files cannot be read
   */
  public static MigrationTexts apart(MigrationTool tool, Path project, Collection<String> versions)
      throws IOException {
    List<MigrationFile> files = files(tool, project);
    Collection<String> shared =
        files.stream()
            .filter(file -> !versions.contains(file.version()))
            .filter(file -> file.lines().isEmpty())
            .map(MigrationFile::path)
            .collect(Collectors.toSet());
    return read(
        project,
        files.stream()
            .filter(file -> versions.contains(file.version()))
            .filter(file -> !shared.contains(file.path()))
            .toList());
  }

  private static List<MigrationFile> files(MigrationTool tool, Path project) throws IOException {
    return tool.onDisk(project).map(OnDisk::files).orElse(List.of());
  }

  private static MigrationTexts read(Path project, List<MigrationFile> files) throws IOException {
    Map<String, List<String>> read = new HashMap<>();
    List<Text> texts = new ArrayList<>();
    for (MigrationFile file : files) {
      List<String> lines = read.get(file.path());
      if (lines == null) {
        lines = lines(file.in(project));
        read.put(file.path(), lines);
      }
      texts.add(text(file, lines));
    }
    return new MigrationTexts(texts);
  }

  private static Text text(MigrationFile file, List<String> lines) {
    int first = file.lines().map(MigrationFile.Lines::first).orElse(1);
    int last = file.lines().map(MigrationFile.Lines::last).orElse(Integer.MAX_VALUE);
    return new Text(
        file.version(),
        file.path(),
        first,
        lines.subList(Math.min(first - 1, lines.size()), Math.min(last, lines.size())));
  }

  /**
   * Reads all files under a folder that may be migrations, where nobody knows how the tool orders
   * them. Blocking.
   *
   * @throws IOException when the folder cannot be read
   */
  public static MigrationTexts under(Path folder) throws IOException {
    List<Text> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder, DEEPEST)) {
      for (Path file : files.filter(MigrationTexts::isMigration).limit(MOST_FILES).toList()) {
        texts.add(new Text("", folder.relativize(file).toString(), 1, lines(file)));
      }
    }
    return new MigrationTexts(texts);
  }

  private static boolean isMigration(Path path) {
    try {
      return SOURCE.matcher(path.toString()).find()
          && Files.isRegularFile(path)
          && Files.size(path) <= LARGEST_FILE;
    } catch (IOException e) {
      return false;
    }
  }

  /** What those say whose paths fit, in their order. */
  List<String> all(Predicate<String> path) {
    return texts.stream()
        .filter(text -> path.test(text.path()))
        .map(text -> String.join("\n", text.lines()))
        .toList();
  }

  /**
   * The first of them that has each of these names as a whole word, and the last one behind a word
   * for making or changing something, as in {@code CREATE TABLE} or {@code add_column}: who merely
   * reads a table did not make it. Where it has the first.
   */
  public Optional<Mention> making(List<String> names) {
    return texts.stream()
        .filter(text -> makes(text, names.getLast()))
        .flatMap(text -> naming(text, names).stream())
        .findFirst();
  }

  /** The first of them that has this name as a whole word, and where. */
  public Optional<Mention> naming(String name) {
    return texts.stream().flatMap(text -> naming(text, List.of(name)).stream()).findFirst();
  }

  private static Optional<Mention> naming(Text text, List<String> names) {
    List<Optional<Integer>> lines = names.stream().map(name -> line(text, name)).toList();
    return lines.stream().allMatch(Optional::isPresent)
        ? lines.get(0).map(line -> new Mention(text.version(), text.path(), line))
        : Optional.empty();
  }

  private static boolean makes(Text text, String name) {
    return Pattern.compile(MAKING + word(name)).matcher(String.join("\n", text.lines())).find();
  }

  /** What finds a name as a whole word. */
  static String word(String name) {
    return "(?<![\\p{L}\\p{N}_$])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}_$])";
  }

  private static Optional<Integer> line(Text text, String name) {
    Pattern word = Pattern.compile(word(name));
    for (int at = 0; at < text.lines().size(); at++) {
      if (word.matcher(text.lines().get(at)).find()) {
        return Optional.of(text.first() + at);
      }
    }
    return Optional.empty();
  }
}
