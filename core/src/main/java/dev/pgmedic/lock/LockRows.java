package dev.pgmedic.lock;

import dev.pgmedic.lock.LockReport.UnreadTable;
import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.lock.signature.KnownKeys;
import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads the lock rows of a database, last in a look, each table in a short transaction of its own
 * after {@code LOCK TABLE ... NOWAIT}: nothing is waited for, and nobody is kept waiting.
 *
 * @param held the rows that mean a held lock
 * @param unread the tables that could not be read, each with the reason
 */
record LockRows(List<LockRow> held, List<UnreadTable> unread) {

  static final LockRows NONE = new LockRows(List.of(), List.of());

  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_COLUMN = "42703";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  LockRows {
    held = List.copyOf(held);
    unread = List.copyOf(unread);
  }

  /** Reads them one table after the other. Fails only as the connection fails. */
  static Future<LockRows> read(PgConnection session, LockFacts facts, LockLook look) {
    Future<LockRows> read = Future.succeededFuture(NONE);
    for (FoundTable table : facts.database().tables()) {
      if (table.shape().hasRows()) {
        read =
            read.compose(before ->
                read(session, table, look).map(before::and).map(rows -> rows.known(facts)));
      }
    }
    return read;
  }

  private LockRows and(LockRows more) {
    List<LockRow> rows = new ArrayList<>(held);
    rows.addAll(more.held);
    List<UnreadTable> tables = new ArrayList<>(unread);
    tables.addAll(more.unread);
    return new LockRows(rows, tables);
  }

  // A table of one number is no rare shape: only the number itself shows whose it is.
  private LockRows known(LockFacts facts) {
    return new LockRows(
        held.stream()
            .filter(row ->
                row.table().shape() != ToolTable.GOLANG_MIGRATE_LOCK
                    || KnownKeys.golangMigrateRows(facts.database()).stream()
                        .map(String::valueOf)
                        .anyMatch(row.key()::equals))
            .toList(),
        unread);
  }

  private static Future<LockRows> read(PgConnection session, FoundTable table, LockLook look) {
    return session
        .begin()
        .compose(tx ->
            // A policy of the table's owner would run his code with our rights.
            session
                .query("SET LOCAL row_security = off")
                .execute()
                .compose(set ->
                    session
                        .query("LOCK TABLE ONLY " + table.quoted() + " IN ACCESS SHARE MODE NOWAIT")
                        .execute())
                .compose(locked -> session.query(table.shape().select(table.quoted())).execute())
                .map(rows -> of(rows, table, look))
                .recover(error -> refused(table, error))
                .compose(rows -> tx.rollback().map(rows)));
  }

  private static LockRows of(RowSet<Row> rows, FoundTable table, LockLook look) {
    return new LockRows(
        StreamSupport.stream(rows.spliterator(), false).map(row -> row(row, table, look)).toList(),
        List.of());
  }

  private static LockRow row(Row row, FoundTable table, LockLook look) {
    Optional<Instant> exact = time(row, "committed").or(() -> time(row, "zoned"));
    Optional<Instant> somewhere = time(row, "in_utc");
    Instant before =
        exact.or(() -> somewhere.map(time -> time.plus(LockRow.WEST))).orElse(look.at());
    return new LockRow(
        table,
        ForeignText.visible(row.getString("key"), ForeignText.NAME),
        text(row, "recorded_by"),
        text(row, "recorded_at"),
        exact.or(() -> somewhere.map(time -> time.minus(LockRow.EAST))),
        before.isAfter(look.at()) ? look.at() : before,
        exact.or(() ->
            Stream.of(somewhere, time(row, "here"))
                .flatMap(Optional::stream)
                .filter(time -> !time.isAfter(look.at()))
                .max(Comparator.naturalOrder())),
        time(row, "lease_ends"),
        row.getString("version"),
        Waiters.ofRow(table, look.sessions()));
  }

  private static Optional<String> text(Row row, String column) {
    return Optional.ofNullable(row.getString(column))
        .map(text -> ForeignText.visible(text, ForeignText.NAME));
  }

  private static Optional<Instant> time(Row row, String column) {
    return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
  }

  private static Future<LockRows> refused(FoundTable table, Throwable error) {
    String state = error instanceof PgException known ? String.valueOf(known.getSqlState()) : "";
    return switch (state) {
      case UNDEFINED_TABLE, UNDEFINED_COLUMN -> Future.succeededFuture(NONE);
      case LOCK_NOT_AVAILABLE ->
          unread(
              table, "somebody holds a lock on it that keeps readers out: a migration is at work");
      case INSUFFICIENT_PRIVILEGE ->
          unread(
              table,
              "this role may not read it, or not past its row security; GRANT USAGE ON SCHEMA "
                  + visible(Sql.identifier(table.schema()))
                  + " and GRANT SELECT ON "
                  + visible(table.quoted())
                  + " help");
      default -> Future.failedFuture(error);
    };
  }

  private static Future<LockRows> unread(FoundTable table, String reason) {
    return Future.succeededFuture(
        new LockRows(
            List.of(),
            List.of(new UnreadTable(table.shape().tool(), visible(table.quoted()), reason))));
  }

  private static String visible(String name) {
    return ForeignText.visible(name, ForeignText.NAME);
  }
}
