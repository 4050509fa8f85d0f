package dev.pgmedic.cli;

import dev.pgmedic.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One broken database of the ward, as data: a folder under {@code cli/src/test/ward} with a {@code
 * case.yaml} and the files that it needs.
 *
 * @param name the folder's name
 * @param title what happened, in one sentence
 * @param tool the migration tool, as its users call it
 * @param project the folder under {@code ward/projects} that the case starts from
 * @param needs a command line for {@code sh} that ends with 0 where what the case needs is
 *     installed
 * @param migrations what the config says of the tool
 * @param expect what the config says is expected
 * @param deadlines what the config says of them
 * @param replay how the replay of its migrations ends; without it they are not replayed
 * @param healthy how the healthy database is made
 * @param broken how it is broken
 * @param brokenBefore whether it is broken before pgmedic looks for the first time
 * @param says what the tool itself says of it
 * @param issues what a check must find, each as {@code code subject}, and nothing else
 * @param heals which of them are healed then
 * @param content what the tool itself says of the healed database
 * @param decide why some of the others are a person's, each with a part of what the API says; that
 *     each of them is one needs no word here
 */
record WardCase(
    String name,
    String title,
    String tool,
    Optional<String> project,
    Optional<String> needs,
    Map<String, Object> migrations,
    Map<String, Object> expect,
    Map<String, Object> deadlines,
    Optional<String> replay,
    List<WardStep> healthy,
    List<WardStep> broken,
    boolean brokenBefore,
    Says says,
    List<String> issues,
    List<String> heals,
    Says content,
    Map<String, String> decide) {

  static final Path FOLDER = Path.of(System.getProperty("pgmedic.root"), "cli/src/test/ward");

  private static final Map<String, Boolean> POSSIBLE = new ConcurrentHashMap<>();

  private static final Set<String> FIELDS =
      Set.of(
          "title",
          "tool",
          "project",
          "needs",
          "migrations",
          "expect",
          "deadlines",
          "replay",
          "healthy",
          "broken",
          "broken_before",
          "says",
          "issues",
          "heals",
          "content",
          "decide");

  /**
   * What the tool itself says of the broken database.
   *
   * @param run the command that asks it, where the tool runs here
   * @param text what it says by its documentation or source, where it does not
   */
  record Says(Optional<String> run, Optional<String> text) {}

  /** Whether what the case needs is installed here. */
  boolean possible() {
    return needs.isEmpty() || POSSIBLE.computeIfAbsent(needs.get(), WardCase::succeeds);
  }

  private static boolean succeeds(String command) {
    try {
      ProcessBuilder needed =
          new ProcessBuilder("sh", "-c", command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      needed.environment().putAll(WardTools.environment());
      return needed.start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether files of its own lie beside the project's. */
  boolean hasFiles() {
    return Files.isDirectory(FOLDER.resolve(name).resolve("files"));
  }

  /** A folder of the case's own, below this one. */
  Path folderIn(Path folder) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All cases, by name. */
  static List<WardCase> all() {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("case.yaml")))
          .sorted()
          .map(WardCase::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WardCase read(Path folder) {
    try {
      Map<String, Object> fields =
          new Yaml(new SafeConstructor(new LoaderOptions()))
              .load(Files.readString(folder.resolve("case.yaml")));
      Set<String> unknown = new TreeSet<>(fields.keySet());
      unknown.removeAll(FIELDS);
      if (!unknown.isEmpty()) {
        throw new IllegalArgumentException("no field " + unknown + "; expected some of " + FIELDS);
      }
      fields.put("name", folder.getFileName().toString());
      for (String list : List.of("healthy", "broken", "issues", "heals")) {
        fields.putIfAbsent(list, List.of());
      }
      for (String map : List.of("migrations", "expect", "deadlines", "says", "content", "decide")) {
        fields.putIfAbsent(map, Map.of());
      }
      return Json.read(Json.write(fields), WardCase.class);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(folder + ": " + e.getMessage(), e);
    }
  }
}
