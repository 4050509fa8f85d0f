package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells a table that was renamed, or copied before it was dropped, from one that is lost: another
 * one, which known-good does not have, has the same columns. To rebuild it would bring it back
 * empty beside its own rows, and its indexes' names are still taken.
 */
final class RenamedTable {

  private RenamedTable() {}

  /** What a person must decide about an object that is gone; empty where nothing looks like it. */
  static Optional<String> decision(CatalogObject lost, Situation situation) {
    if (lost.kind() != Kind.TABLE || situation.knownGood().isEmpty()) {
      return Optional.empty();
    }
    Catalog good = situation.knownGood().map(KnownGood::catalog).orElse(Catalog.EMPTY);
    Catalog seen = situation.seen().catalog();
    Set<String> columns = columns(good, lost.identity());
    return seen.all(Kind.TABLE)
        .filter(table -> good.find(table.key()).isEmpty() && !columns.isEmpty())
        .filter(table -> columns(seen, table.identity()).equals(columns))
        .map(table -> decision(lost.identity(), table.identity()))
        .findFirst();
  }

  private static Set<String> columns(Catalog catalog, String table) {
    return catalog
        .all(Kind.COLUMN)
        .filter(column -> column.parent().filter(table::equals).isPresent())
        .map(column -> column.identity().substring(table.length()) + " = " + column.definition())
        .collect(Collectors.toSet());
  }

  private static String decision(String lost, String found) {
    List<String> before = Sql.parts(lost);
    List<String> now = Sql.parts(found);
    List<String> back = new ArrayList<>();
    if (!before.get(0).equals(now.get(0))) {
      back.add("ALTER TABLE " + found + " SET SCHEMA " + before.get(0));
    }
    if (!before.get(1).equals(now.get(1))) {
      back.add("ALTER TABLE " + before.get(0) + "." + now.get(1) + " RENAME TO " + before.get(1));
    }
    return found
        + ", which known-good does not have, has the columns of "
        + lost
        + ": if it is the same table, every row is back with "
        + String.join("; ", back)
        + "; if it is not, move it away and ask again";
  }
}
