package dev.pgmedic.history;

import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.Table;
import dev.pgmedic.history.tool.Tables;
import dev.pgmedic.postgres.Sql;
import java.util.List;

/**
 * A table of the database that is a tool's history.
 *
 * @param tool whose it is
 * @param table where it is
 */
record History(MigrationTool tool, Table table) {

  /** Every history that the columns alone tell, by table. */
  static List<History> all(Tables tables) {
    return tables.all().stream()
        .flatMap(table ->
            MigrationTools.all().stream()
                .filter(tool -> tool.owns(table, tables))
                .map(tool -> new History(tool, table)))
        .toList();
  }

  /** Those of one tool; when the columns alone tell none, those that may be. */
  static List<History> of(String tool, List<History> all, Tables tables) {
    List<History> sure =
        all.stream().filter(history -> history.tool().name().equals(tool)).toList();
    return sure.isEmpty()
        ? tables.all().stream()
            .flatMap(table ->
                MigrationTools.find(tool)
                    .filter(known -> known.mayOwn(table, tables))
                    .map(known -> new History(known, table))
                    .stream())
            .toList()
        : sure;
  }

  /** Whether this is the table of that name, however its name is quoted. */
  boolean isIn(String name) {
    return unquoted(name).equals(unquoted(table.identity()));
  }

  private static List<String> unquoted(String name) {
    return Sql.parts(name).stream().map(Sql::unquoted).toList();
  }
}
