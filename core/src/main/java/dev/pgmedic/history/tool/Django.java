package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Django: a row for each applied migration of each application. A migration is called {@code
 * app.name} here. Only the project's own applications lie on disk; those of libraries are not
 * judged.
 *
 * @see <a href="https://docs.djangoproject.com/en/stable/topics/migrations/">Django migrations</a>
 */
final class Django implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "id int|bigint not null",
          "app varchar not null",
          "name varchar not null",
          "applied timestamptz not null");

  @Override
  public String name() {
    return "django";
  }

  @Override
  public List<String> readOnly(List<String> command) {
    return Words.instead(command, "migrate", "showmigrations").stream()
        .filter(word -> !word.equals("--noinput") && !word.equals("--no-input"))
        .toList();
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT app || '.' || name AS version, applied::text AS at FROM ONLY %s ORDER BY id\
    """
        .formatted(table.identity());
  }

  /** The newest of each application. */
  @Override
  public Optional<String> current(List<RecordState> records) {
    return Newest.ofEach('.', records);
  }

  /** An application's label has no dot. */
  static String app(String version) {
    return version.substring(0, Math.max(0, version.indexOf('.')));
  }

  @Override
  public Optional<String> landmark() {
    return Optional.of("manage.py");
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    return Optional.of(DjangoProject.read(project).onDisk());
  }

  // A migration that replaces others is done when they are, and takes their place until then.
  @Override
  public List<String> pending(List<RecordState.Applied> applied, OnDisk disk) {
    Set<String> done = versions(applied);
    Map<String, Set<String>> replaces = DjangoProject.replaces(disk);
    return disk.versions().stream()
        .filter(version -> !DjangoProject.applied(version, done, replaces))
        .filter(version -> !isLeftTo(version, done, replaces))
        .toList();
  }

  private static boolean isLeftTo(
      String version, Set<String> done, Map<String, Set<String>> replaces) {
    Set<String> replaced = replaces.getOrDefault(version, Set.of());
    boolean begunWithoutIt = replaced.stream().anyMatch(done::contains);
    boolean takenOver =
        replaces.values().stream()
            .anyMatch(
                others -> others.contains(version) && others.stream().noneMatch(done::contains));
    return begunWithoutIt || takenOver;
  }

  /** Of an application that lies here, what no file is and none replaces. */
  @Override
  public List<String> unknown(List<RecordState.Applied> applied, OnDisk disk) {
    Set<String> apps = disk.versions().stream().map(Django::app).collect(Collectors.toSet());
    Set<String> known = new HashSet<>(disk.versions());
    disk.files().forEach(file -> known.addAll(file.replaces()));
    return apps.stream()
        .sorted()
        .map(app -> applied.stream().filter(r -> app(r.entry().version()).equals(app)).toList())
        .flatMap(rows -> Pruned.withoutOldest(unknown(rows, known), rows).stream())
        .toList();
  }

  private static List<String> unknown(List<RecordState.Applied> rows, Set<String> known) {
    return rows.stream()
        .map(record -> record.entry().version())
        .filter(version -> !known.contains(version))
        .toList();
  }

  /** What Django calls an inconsistent history, and refuses to go on from. */
  @Override
  public List<String> contradictions(List<RecordState.Applied> applied, OnDisk disk) {
    Set<String> done = versions(applied);
    Map<String, Set<String>> replaces = DjangoProject.replaces(disk);
    Set<String> known = Set.copyOf(disk.versions());
    return disk.files().stream()
        .filter(file -> done.contains(file.version()))
        .flatMap(file ->
            file.follows().stream()
                .filter(known::contains)
                .filter(before -> !DjangoProject.applied(before, done, replaces))
                .sorted()
                .map(before ->
                    file.version() + " is recorded, but not " + before + ", which it depends on"))
        .toList();
  }

  private static Set<String> versions(List<RecordState.Applied> applied) {
    return applied.stream().map(record -> record.entry().version()).collect(Collectors.toSet());
  }
}
