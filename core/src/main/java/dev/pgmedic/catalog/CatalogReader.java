package dev.pgmedic.catalog;

import dev.pgmedic.catalog.CatalogObject.Kind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Reads the catalog of a database without a lock on any user's relation, so that it works while a
 * migration holds ACCESS EXCLUSIVE on all of them. The session's {@code search_path} must be {@code
 * pg_catalog}.
 */
public final class CatalogReader {

  private static final String ROWS =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS identity,
             CASE WHEN c.reltuples > 0 THEN c.reltuples::int8
                  ELSE pg_catalog.pg_stat_get_live_tuples(c.oid) END AS rows
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND n.nspname !~ '^pgmedic'
      """;

  private CatalogReader() {}

  /** Reads every object. Fails as the query fails; changes nothing. */
  public static Future<Catalog> objects(SqlClient session) {
    return session
        .query(CatalogQuery.TEXT)
        .execute()
        .map(rows -> new Catalog(stream(rows).map(CatalogReader::object).toList()));
  }

  /** Reads about how many rows each table has, from statistics. Fails as the query fails. */
  public static Future<Map<String, RowEstimate>> rows(SqlClient session, Instant now) {
    return session
        .query(ROWS)
        .execute()
        .map(rows -> {
          Map<String, RowEstimate> estimates = new HashMap<>();
          rows.forEach(row ->
              estimates.put(row.getString("identity"), new RowEstimate(row.getLong("rows"), now)));
          return estimates;
        });
  }

  private static java.util.stream.Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }

  private static CatalogObject object(Row row) {
    return new CatalogObject(
        Kind.of(row.getString("kind")),
        row.getString("identity"),
        Optional.ofNullable(row.getString("parent")),
        Optional.ofNullable(row.getString("owner")),
        Optional.ofNullable(row.getString("definition")).orElse(""),
        List.of(row.getArrayOfStrings("needs")),
        row.getBoolean("valid"));
  }
}
