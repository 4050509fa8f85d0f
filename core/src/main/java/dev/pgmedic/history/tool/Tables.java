package dev.pgmedic.history.tool;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.postgres.Sql;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ordinary tables of a database. A view, a foreign table or a partitioned one is never a
 * history: reading it would run somebody's query, or another server's.
 */
public final class Tables {

  private final Map<String, Table> byIdentity = new TreeMap<>();

  private Tables() {}

  /** The tables of a catalog that was already read. */
  public static Tables of(Catalog catalog) {
    Map<String, Map<String, Column>> columns = new HashMap<>();
    catalog
        .all(Kind.COLUMN)
        .forEach(column -> {
          List<String> parts = Sql.parts(column.identity());
          columns
              .computeIfAbsent(column.parent().orElse(""), table -> new HashMap<>())
              .put(Sql.unquoted(parts.get(parts.size() - 1)), Column.of(column.definition()));
        });
    Tables tables = new Tables();
    catalog
        .all(Kind.TABLE)
        .filter(table -> table.definition().startsWith("r "))
        .forEach(table -> tables.add(table, columns));
    return tables;
  }

  private void add(CatalogObject table, Map<String, Map<String, Column>> columns) {
    byIdentity.put(
        table.identity(),
        new Table(
            table.identity(),
            columns.getOrDefault(table.identity(), Map.of()),
            table.definition().contains("row security")));
  }

  /** Every table, by name. */
  public Collection<Table> all() {
    return byIdentity.values();
  }

  /** The table of that name in the same schema. */
  Optional<Table> sibling(Table table, String name) {
    return byIdentity.values().stream()
        .filter(other -> other.name().equals(name) && other.schema().equals(table.schema()))
        .findFirst();
  }
}
