package dev.pgmedic.check;

import dev.pgmedic.catalog.CatalogObject;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.HashSet;
import java.util.Set;

/**
 * Who builds indexes: an index is invalid for as long as {@code CREATE INDEX CONCURRENTLY} or
 * {@code REINDEX CONCURRENTLY} is at work on its table, which is no fault.
 *
 * @param tables the qualified names of the tables whose indexes are being built
 * @param elsewhere whether a session builds one that may not be seen: it could be on any table
 */
public record IndexBuilds(Set<String> tables, boolean elsewhere) {

  /** Nobody builds one. */
  public static final IndexBuilds NONE = new IndexBuilds(Set.of(), false);

  // The same as pg_stat_progress_create_index: its table is NULL where we may not see the session.
  private static final String SQL =
      """
      SELECT coalesce(
               pg_catalog.array_agg(DISTINCT pg_catalog.format('%I.%I', n.nspname, c.relname))
                 FILTER (WHERE c.oid IS NOT NULL), '{}') AS tables,
             coalesce(pg_catalog.bool_or(p.relid IS NULL), false) AS elsewhere
      FROM pg_catalog.pg_stat_get_progress_info('CREATE INDEX') p
      JOIN pg_catalog.pg_database d ON d.oid = p.datid AND d.datname = pg_catalog.current_database()
      LEFT JOIN pg_catalog.pg_class c ON c.oid = p.relid
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      """;

  /** Copies the names. */
  public IndexBuilds {
    tables = Set.copyOf(tables);
  }

  static Future<IndexBuilds> read(PgConnection session) {
    return session.query(SQL).execute().map(rows -> of(rows.iterator().next()));
  }

  private static IndexBuilds of(Row row) {
    return new IndexBuilds(Set.of(row.getArrayOfStrings("tables")), row.getBoolean("elsewhere"));
  }

  /** What either of two looks saw. */
  IndexBuilds or(IndexBuilds other) {
    Set<String> both = new HashSet<>(tables);
    both.addAll(other.tables);
    return new IndexBuilds(both, elsewhere || other.elsewhere);
  }

  /** Whether an index may be invalid because it is not yet there. */
  boolean mayBuild(CatalogObject index) {
    return index.kind() == CatalogObject.Kind.INDEX
        && !index.valid()
        && (elsewhere || index.parent().filter(tables::contains).isPresent());
  }
}
