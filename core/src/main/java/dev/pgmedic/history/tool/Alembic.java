package dev.pgmedic.history.tool;

import dev.pgmedic.postgres.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Alembic: the rows of {@code alembic_version} are the current heads, without order or time. It
 * takes no lock of its own and leaves no trace of a failure.
 *
 * @see <a href="https://alembic.sqlalchemy.org/en/latest/branches.html">Alembic: working with
 *     branches</a>
 */
final class Alembic implements MigrationTool {

  // What is called in a file that does nothing but make what was not there; else it is unknown.
  private static final Pattern DEFINING =
      Pattern.compile(
          "(op\\.)?(create_table|create_index|create_foreign_key|create_unique_constraint"
              + "|create_check_constraint|create_primary_key|add_column|f)"
              + "|op\\.get_context|autocommit_block|upgrade"
              + "|(sa|sqlalchemy|postgresql)\\.\\w+(\\.\\w+)*"
              + "|[A-Z]\\w*");

  private static final Shape SHAPE = Shape.of("version_num varchar not null");

  @Override
  public String name() {
    return "alembic";
  }

  @Override
  public List<String> readOnly(List<String> command) {
    List<String> words = Words.instead(command, "upgrade", "current");
    // The revision is no word of its; of an option nobody knows whether it takes a value.
    int revision = words.indexOf("current") + 1;
    return revision > 0 && revision >= words.size() - 1 ? words.subList(0, revision) : List.of();
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return "SELECT version_num AS version, xmin::text || ' ' || ctid::text AS row FROM ONLY "
        + table.identity()
        + " ORDER BY version_num COLLATE \"C\"";
  }

  @Override
  public Optional<String> current(List<RecordState> records) {
    return records.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(",", records.stream().map(record -> record.entry().version()).toList()));
  }

  @Override
  public boolean definesOnly(String text) {
    PythonSource source = PythonSource.of(text);
    List<String> calls = source.calls("downgrade");
    return calls.contains("upgrade")
        && calls.stream().allMatch(call -> DEFINING.matcher(call).matches());
  }

  /** As {@code alembic stamp} does. */
  @Override
  public Optional<RecordChange> stamped(RecordState at, String next) {
    String before = Sql.literal(at.entry().version());
    String after = Sql.literal(next);
    return Optional.of(
        new RecordChange(
            "version " + next + " ran",
            "version_num = " + after,
            "version_num = " + before,
            "version_num = " + after,
            "version_num = " + before));
  }

  @Override
  public Optional<String> landmark() {
    return Optional.of("alembic.ini");
  }

  @Override
  public Optional<String> urlSetting(Path project) {
    try {
      return AlembicSettings.of(project).urlSetting();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    Map<String, Revision> revisions = new LinkedHashMap<>();
    List<OnDisk.Conflict> conflicts = new ArrayList<>();
    for (Path path : AlembicSettings.of(project).revisionFiles()) {
      Optional<Revision> found = Revision.of(project, path);
      Optional<Revision> same =
          found.map(revision -> revisions.putIfAbsent(revision.id(), revision));
      same.ifPresent(first ->
          conflicts.add(OnDisk.Conflict.sameVersion(List.of(first.path(), found.get().path()))));
    }
    AlembicGraph graph = new AlembicGraph(revisions);
    conflicts.addAll(graph.branches());
    return Optional.of(
        new OnDisk(
            revisions.values().stream().map(Revision::file).toList(), graph.heads(), conflicts));
  }

  /**
   * One revision file.
   *
   * @param id its name
   * @param down what it comes behind
   * @param dependsOn what else must be applied before it
   * @param labels the names of the branch that it begins
   * @param path where it is, below the project
   */
  record Revision(
      String id, List<String> down, List<String> dependsOn, List<String> labels, String path) {

    static Optional<Revision> of(Path project, Path file) throws IOException {
      PythonSource source = PythonSource.of(Project.text(file));
      return source.strings("revision").stream()
          .findFirst()
          .map(id ->
              new Revision(
                  id,
                  source.strings("down_revision"),
                  source.strings("depends_on"),
                  source.strings("branch_labels"),
                  relative(project, file)));
    }

    private static String relative(Path project, Path file) {
      Path root = project.toAbsolutePath();
      Path whole = file.toAbsolutePath();
      return whole.startsWith(root) ? Project.below(root, whole) : file.toString();
    }

    MigrationFile file() {
      Set<String> follows = new LinkedHashSet<>(down);
      follows.addAll(dependsOn);
      return MigrationFile.of(id, path).related(follows, Set.of());
    }
  }

  // A row stands for itself and all that lies behind it.
  @Override
  public List<String> pending(List<RecordState.Applied> applied, OnDisk disk) {
    Set<String> done = AlembicGraph.withAncestors(disk, versions(applied));
    return disk.versions().stream().filter(version -> !done.contains(version)).toList();
  }

  /** A row that another row already stands for: Alembic refuses to go on from there. */
  @Override
  public List<String> contradictions(List<RecordState.Applied> applied, OnDisk disk) {
    List<String> rows = versions(applied);
    List<String> contradictions = new ArrayList<>();
    for (String row : rows) {
      Set<String> behind = AlembicGraph.withAncestors(disk, List.of(row));
      rows.stream()
          .filter(other -> !other.equals(row) && behind.contains(other))
          .map(other -> other + " is recorded beside " + row + ", which comes after it")
          .forEach(contradictions::add);
    }
    return contradictions;
  }

  private static List<String> versions(List<RecordState.Applied> applied) {
    return applied.stream().map(record -> record.entry().version()).toList();
  }
}
