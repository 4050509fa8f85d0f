package dev.pgmedic.history.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The migrations of a project.
 *
 * @param files every migration, in the tool's order where it has one
 * @param heads the newest versions
 * @param conflicts files that the tool cannot bring into one order
 */
public record OnDisk(List<MigrationFile> files, List<String> heads, List<Conflict> conflicts) {

  /** Copies the lists. */
  public OnDisk {
    files = List.copyOf(files);
    heads = List.copyOf(heads);
    conflicts = List.copyOf(conflicts);
  }

  /**
   * Migrations that contend for one place.
   *
   * @param what what is wrong with them, for a sentence
   * @param names the versions or files
   */
  public record Conflict(String what, List<String> names) {

    /** Copies the names. */
    public Conflict {
      names = List.copyOf(names);
    }

    static Conflict sameVersion(List<String> paths) {
      return new Conflict("several files are one version", paths);
    }
  }

  /** A line of migrations in this order, of which the last one is the head. */
  static OnDisk inOrder(MigrationTool tool, List<MigrationFile> files) {
    Map<String, List<String>> paths = new LinkedHashMap<>();
    for (MigrationFile file : files) {
      paths.computeIfAbsent(tool.key(file.version()), key -> new ArrayList<>()).add(file.path());
    }
    List<String> line =
        files.stream().filter(file -> !file.repeatable()).map(MigrationFile::version).toList();
    return new OnDisk(
        files,
        line.isEmpty() ? List.of() : List.of(line.get(line.size() - 1)),
        paths.values().stream()
            .filter(same -> same.size() > 1)
            .map(Conflict::sameVersion)
            .toList());
  }

  /** Every version. */
  public List<String> versions() {
    return files.stream().map(MigrationFile::version).toList();
  }
}
