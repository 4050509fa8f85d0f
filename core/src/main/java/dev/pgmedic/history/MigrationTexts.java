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
import java.util.List;
import java.util.Optional;
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
              + "up(?:grade)?\\b *[=(:\\n]|--+ *(?:migrate:|\\+\\w+ +)?up\\b)|\\z)");

  private static final String MAKING = "(?i:create|add|alter|change|modify|rename)[^;]{0,500}?";

  private static final Pattern SOURCE = Pattern.compile("(?<!\\.down)\\.(sql|py|rb|[cm]?[jt]s)$");
  private static final long LARGEST_FILE = 1_000_000;
  private static final int MOST_FILES = 5_000;
  private static final int DEEPEST = 6;

  private final List<Text> texts;

  private MigrationTexts(List<Text> texts) {
    this.texts = List.copyOf(texts);
  }

  private record Text(String version, String path, List<String> lines) {

    private static Text of(String version, String path, Path file) throws IOException {
      String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return new Text(version, path, up(all).lines().toList());
    }
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
    List<Text> texts = new ArrayList<>();
    for (MigrationFile file : files) {
      texts.add(Text.of(file.version(), file.path(), file.in(project)));
    }
    return new MigrationTexts(texts);
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
        texts.add(Text.of("", folder.relativize(file).toString(), file));
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

  /** What those say that are SQL, or those that are not, in their order. */
  List<String> all(boolean sql) {
    return texts.stream()
        .filter(text -> text.path().endsWith(".sql") == sql)
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
        return Optional.of(at + 1);
      }
    }
    return Optional.empty();
  }
}
