package dev.pgmedic.history.tool;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How Alembic's revisions follow each other. */
final class AlembicGraph {

  private final Map<String, Alembic.Revision> revisions;

  AlembicGraph(Map<String, Alembic.Revision> revisions) {
    this.revisions = revisions;
  }

  /** The revisions that nothing comes behind. */
  List<String> heads() {
    Set<String> followed =
        revisions.values().stream()
            .flatMap(revision -> revision.down().stream())
            .collect(Collectors.toSet());
    return revisions.keySet().stream().filter(id -> !followed.contains(id)).toList();
  }

  /** Several heads, unless each has a branch label that no other has: then they are meant. */
  List<OnDisk.Conflict> branches() {
    List<String> heads = heads();
    List<Set<String>> labels = heads.stream().map(this::labels).toList();
    boolean meant =
        labels.stream()
            .allMatch(own ->
                own.stream()
                    .anyMatch(label ->
                        labels.stream().filter(other -> other.contains(label)).count() == 1));
    return heads.size() < 2 || meant
        ? List.of()
        : List.of(new OnDisk.Conflict("the files end in several heads", heads));
  }

  private Set<String> labels(String head) {
    return closure(List.of(head), id -> find(id).flatMap(r -> r.down().stream()).toList()).stream()
        .flatMap(this::find)
        .flatMap(revision -> revision.labels().stream())
        .collect(Collectors.toSet());
  }

  private Stream<Alembic.Revision> find(String id) {
    return Stream.ofNullable(revisions.get(id));
  }

  /** These versions and everything that comes before one of them. */
  static Set<String> withAncestors(OnDisk disk, List<String> versions) {
    Map<String, Set<String>> follows =
        disk.files().stream()
            .collect(Collectors.toMap(MigrationFile::version, MigrationFile::follows, (a, b) -> a));
    return closure(versions, id -> follows.getOrDefault(id, Set.of()));
  }

  private static Set<String> closure(
      List<String> from, Function<String, ? extends Collection<String>> before) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      String id = open.pop();
      if (reached.add(id)) {
        open.addAll(before.apply(id));
      }
    }
    return reached;
  }
}
