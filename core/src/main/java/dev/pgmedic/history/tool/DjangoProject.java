package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The migrations of a Django project's own applications, and how they depend on each other. */
final class DjangoProject {

  private final List<MigrationFile> files = new ArrayList<>();

  private DjangoProject() {}

  /**
   * Reads every {@code migrations} folder below the project.
   *
   * @throws IOException when there is none
   */
  static DjangoProject read(Path project) throws IOException {
    DjangoProject read = new DjangoProject();
    Map<Path, String> labels = new HashMap<>();
    Path root = Project.folder(project);
    for (Path path : Project.files(root, file -> isMigration(root, file))) {
      Path app = path.resolve("../..").normalize();
      if (!labels.containsKey(app)) {
        labels.put(app, label(app));
      }
      read.add(labels.get(app), Project.below(project, path), path);
    }
    if (read.files.isEmpty()) {
      throw new IOException("expected folders called migrations below " + project);
    }
    return read;
  }

  private static boolean isMigration(Path root, Path path) {
    String name = Project.name(path);
    Path folder = path.getParent();
    return name.endsWith(".py")
        && !name.startsWith("_")
        && !name.startsWith("~")
        && folder != null
        && folder.getParent() != null
        && Project.name(folder).equals("migrations")
        && !("/" + Project.below(root, path)).contains("/tests/");
  }

  // An application is called as its folder, unless its configuration says otherwise.
  private static String label(Path app) throws IOException {
    Path settings = app.resolve("apps.py");
    List<String> said =
        Files.isRegularFile(settings)
            ? PythonSource.of(Project.text(settings)).strings("label")
            : List.of();
    return said.isEmpty() ? Project.name(app) : said.get(0);
  }

  private void add(String app, String path, Path file) throws IOException {
    PythonSource source = PythonSource.of(Project.text(file));
    if (source.has("Migration")) {
      String name = Project.name(file);
      String version = app + "." + name.substring(0, name.length() - ".py".length());
      files.add(
          MigrationFile.of(version, path)
              .related(names(source, "dependencies"), names(source, "replaces")));
    }
  }

  private static Set<String> names(PythonSource source, String variable) {
    return source.pairs(variable).stream()
        .map(pair -> pair.get(0) + "." + pair.get(1))
        .collect(Collectors.toSet());
  }

  OnDisk onDisk() {
    Set<String> replaced =
        files.stream().flatMap(file -> file.replaces().stream()).collect(Collectors.toSet());
    Map<String, Set<String>> followers = followers();
    Map<String, List<String>> leaves = new TreeMap<>();
    files.stream()
        .filter(file -> !replaced.contains(file.version()) && isLeaf(file, followers))
        .forEach(file ->
            leaves
                .computeIfAbsent(Django.app(file.version()), app -> new ArrayList<>())
                .add(file.version()));
    return new OnDisk(
        files,
        leaves.values().stream().flatMap(List::stream).toList(),
        leaves.values().stream()
            .filter(several -> several.size() > 1)
            .map(several ->
                new OnDisk.Conflict("the files of one application end in several heads", several))
            .toList());
  }

  // Which migrations of the same application come right behind each.
  private Map<String, Set<String>> followers() {
    Map<String, Set<String>> followers = new HashMap<>();
    for (MigrationFile file : files) {
      file.follows().stream()
          .filter(before -> Django.app(before).equals(Django.app(file.version())))
          .forEach(before ->
              followers.computeIfAbsent(before, b -> new HashSet<>()).add(file.version()));
    }
    return followers;
  }

  private static boolean isLeaf(MigrationFile file, Map<String, Set<String>> followers) {
    return Stream.concat(Stream.of(file.version()), file.replaces().stream())
        .flatMap(version -> followers.getOrDefault(version, Set.of()).stream())
        .allMatch(file.replaces()::contains);
  }

  /** What replaces others, with what it replaces. */
  static Map<String, Set<String>> replaces(OnDisk disk) {
    return disk.files().stream()
        .filter(file -> !file.replaces().isEmpty())
        .collect(Collectors.toMap(MigrationFile::version, MigrationFile::replaces, (a, b) -> a));
  }

  /** Whether a migration is in effect: recorded, or all that it replaces, or what replaces it. */
  static boolean applied(String version, Set<String> done, Map<String, Set<String>> replaces) {
    Set<String> replaced = replaces.getOrDefault(version, Set.of());
    return done.contains(version)
        || (!replaced.isEmpty() && done.containsAll(replaced))
        || replaces.entrySet().stream()
            .anyMatch(by -> by.getValue().contains(version) && done.contains(by.getKey()));
  }
}
