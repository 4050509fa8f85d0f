package dev.pgmedic.lock;

import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.stream.StreamSupport;

/** Finds the tables of a database that have the shape of a migration tool's. */
public final class ToolTables {

  private static final String TABLES =
      SqlResource.read(ToolTables.class, "tool-tables.sql").formatted(ToolTable.asValues());

  private ToolTables() {}

  /** Reads them from the catalog alone, at most 200. Fails as the query fails. */
  public static Future<List<FoundTable>> read(SqlClient session) {
    return session
        .query(TABLES)
        .execute()
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(ToolTables::of).toList());
  }

  private static FoundTable of(Row row) {
    return new FoundTable(
        ToolTable.valueOf(row.getString("shape")),
        row.getLong("oid"),
        row.getString("schema"),
        row.getString("name"));
  }
}
