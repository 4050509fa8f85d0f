package dev.pgmedic.history;

import dev.pgmedic.history.tool.Entry;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.history.tool.Table;
import dev.pgmedic.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the history tables hold.
 *
 * @param states every record, oldest first
 * @param unreadable why they could not be read
 * @param busy whether they were locked
 */
record Records(List<RecordState> states, Optional<String> unreadable, boolean busy) {

  static final Records NONE = new Records(List.of(), Optional.empty(), false);

  private static final int MOST = 50_000;

  // insufficient_privilege, lock_not_available; and gone since the catalog was read:
  // undefined_table,
  // undefined_column, wrong_object_type
  private static final String FORBIDDEN = "42501";
  private static final String LOCKED = "55P03";
  private static final List<String> GONE = List.of("42P01", "42703", "42809");

  /**
   * Reads a history in a transaction of its own that waits for nothing. Policies on its rows, which
   * would be somebody's code, make it an error instead of running.
   *
   * <p>Completes with the records, or with why there are none; fails as the connection fails.
   */
  static Future<Records> read(PgConnection session, History history, List<Table> tables) {
    String names =
        tables.stream().map(t -> "ONLY " + t.identity()).collect(Collectors.joining(", "));
    String sql = history.tool().records(history.table()) + " LIMIT " + MOST;
    return session
        .begin()
        .compose(tx ->
            session
                .query(
                    "SET LOCAL search_path = pg_catalog; SET LOCAL row_security = off;"
                        + " LOCK TABLE "
                        + names
                        + " IN ACCESS SHARE MODE NOWAIT; "
                        + kinds(tables))
                .execute()
                .compose(
                    rows -> ordinary(rows) ? session.query(sql).execute().map(Records::of) : gone())
                .recover(error -> refused(tables, error))
                .compose(records -> tx.rollback().map(records)));
  }

  // What was a table when the catalog was read may be a view by now.
  private static String kinds(List<Table> tables) {
    return tables.stream()
        .map(table -> Sql.literal(table.identity()) + "::regclass")
        .collect(
            Collectors.joining(
                ", ",
                "SELECT count(*) AS others FROM pg_class WHERE relkind <> 'r' AND oid IN (",
                ")"));
  }

  private static boolean ordinary(RowSet<Row> results) {
    RowSet<Row> last = results;
    while (last.next() != null) {
      last = last.next();
    }
    return last.iterator().next().getLong("others") == 0;
  }

  private static Future<Records> gone() {
    return Future.succeededFuture(NONE);
  }

  private static Records of(RowSet<Row> rows) {
    if (rows.size() == MOST) {
      String why = "expected fewer than " + MOST + " records";
      return new Records(List.of(), Optional.of(why), false);
    }
    List<RecordState> states = new ArrayList<>();
    rows.forEach(row -> states.add(state(row)));
    return new Records(states, Optional.empty(), false);
  }

  private static RecordState state(Row row) {
    Entry entry =
        new Entry(
            text(row, "version").orElse(""),
            text(row, "script"),
            text(row, "at"),
            text(row, "checksum"),
            text(row, "kind"),
            text(row, "row"));
    String state = text(row, "state").orElse("applied");
    return switch (state) {
      case "applied" -> new RecordState.Applied(entry);
      case "undone" -> new RecordState.Undone(entry);
      case "failed" -> new RecordState.Failed(entry, text(row, "error"));
      case "unfinished" -> new RecordState.Unfinished(entry);
      case "partial" -> new RecordState.Partial(entry, text(row, "progress"), text(row, "error"));
      case "in_progress" -> new RecordState.InProgress(entry);
      default -> throw new IllegalStateException("no state of a record is called " + state);
    };
  }

  private static Optional<String> text(Row row, String column) {
    return row.getColumnIndex(column) < 0
        ? Optional.empty()
        : Optional.ofNullable(row.getString(column));
  }

  private static Future<Records> refused(List<Table> tables, Throwable error) {
    String state =
        error instanceof PgException refused ? String.valueOf(refused.getSqlState()) : "";
    if (state.equals(LOCKED)) {
      return Future.succeededFuture(new Records(List.of(), Optional.empty(), true));
    }
    if (state.equals(FORBIDDEN)) {
      return Future.succeededFuture(new Records(List.of(), Optional.of(missing(tables)), false));
    }
    return GONE.contains(state) ? gone() : Future.failedFuture(error);
  }

  private static String missing(List<Table> tables) {
    String names = tables.stream().map(Table::identity).collect(Collectors.joining(", "));
    return tables.stream().anyMatch(Table::rowSecurity)
        ? "row security hides rows of "
            + names
            + " from this role; ALTER ROLE ... BYPASSRLS and GRANT SELECT ON "
            + names
            + " help"
        : "not allowed to read "
            + names
            + "; GRANT USAGE ON SCHEMA "
            + tables.get(0).schema()
            + " and GRANT SELECT ON "
            + names
            + " help";
  }
}
