package dev.pgmedic.quarantine;

import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.catalog.Dependence.Member;
import dev.pgmedic.json.Json;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A schema of the quarantine.
 *
 * @param schema its name
 * @param objects what lies in it
 * @param neededBy what is outside and rests on it, for people: it cannot be emptied before that is
 *     gone
 * @param digest a hash of the names of all that emptying it would destroy
 */
public record QuarantineSchema(
    String schema, List<Held> objects, List<String> neededBy, String digest) {

  /** Copies the lists. */
  public QuarantineSchema {
    objects = List.copyOf(objects);
    neededBy = List.copyOf(neededBy);
  }

  static QuarantineSchema of(String schema, List<Held> objects, List<Dependence> dependences) {
    List<String> neededBy =
        dependences.stream()
            .filter(dependence -> objects.stream().anyMatch(held -> held.is(dependence.on())))
            .map(Dependence::object)
            .filter(object -> objects.stream().noneMatch(held -> held.is(object)))
            .map(Member::title)
            .distinct()
            .toList();
    List<String> names = objects.stream().map(Held::title).sorted().toList();
    return new QuarantineSchema(schema, objects, neededBy, Json.digest(List.of(schema, names)));
  }

  /**
   * The statements that destroy it: each object by itself, what rests on others first, and the
   * schema last; none of them takes anything along that is not named.
   *
   * @param dependences who rests on whom
   */
  List<String> drops(List<Dependence> dependences) {
    List<String> statements = new ArrayList<>();
    List<Held> left = new ArrayList<>(objects);
    while (!left.isEmpty()) {
      List<Held> free = left.stream().filter(held -> isFree(held, left, dependences)).toList();
      if (free.isEmpty()) {
        statements.add(drop(left)); // tables whose foreign keys point at each other
        break;
      }
      free.forEach(held -> statements.add(drop(List.of(held))));
      left.removeAll(free);
    }
    statements.add("DROP SCHEMA " + Sql.identifier(schema) + " RESTRICT");
    return statements;
  }

  private static boolean isFree(Held held, List<Held> left, List<Dependence> dependences) {
    return dependences.stream()
        .filter(dependence -> held.is(dependence.on()))
        .noneMatch(dependence -> left.stream().anyMatch(other -> other.is(dependence.object())));
  }

  private static String drop(List<Held> together) {
    if (together.stream().map(Held::word).distinct().count() > 1) {
      throw new QuarantineRefused(
          "these rest on each other in a circle; drop them by hand: "
              + together.stream().map(Held::title).toList());
    }
    return "DROP "
        + together.getFirst().word()
        + " "
        + together.stream().map(Held::name).collect(Collectors.joining(", "))
        + " RESTRICT";
  }
}
