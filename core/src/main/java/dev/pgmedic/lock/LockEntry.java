package dev.pgmedic.lock;

import dev.pgmedic.postgres.ForeignText;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A row of {@code pg_locks}: one session's hold on, or wish for, one thing.
 *
 * @param thing what is locked
 * @param pid whose entry it is; absent for a prepared transaction
 * @param prepared the prepared transaction's name, quoted
 * @param mode the lock's mode
 * @param granted whether it is held
 * @param waitsSince since when it is waited for
 */
record LockEntry(
    Thing thing,
    Optional<Integer> pid,
    Optional<String> prepared,
    String mode,
    boolean granted,
    Optional<Instant> waitsSince) {

  /** What is locked. */
  sealed interface Thing {
    /** A table, by the server's number of it. */
    record Table(long oid) implements Thing {}

    /** A key of one number. */
    record Key(long key) implements Thing {}

    /** A key of two numbers; no migration tool has such a one. */
    record TwoKeys(long first, long second) implements Thing {}
  }

  static LockEntry read(Row row) {
    return new LockEntry(
        thing(row),
        Optional.ofNullable(row.getInteger("lock_pid")),
        Optional.ofNullable(row.getString("prepared")).map(ForeignText::quoted),
        row.getString("mode"),
        row.getBoolean("granted"),
        Optional.ofNullable(row.getOffsetDateTime("waitstart")).map(OffsetDateTime::toInstant));
  }

  private static Thing thing(Row row) {
    if (row.getString("locktype").equals("relation")) {
      return new Thing.Table(row.getLong("relation"));
    }
    // The view shows the halves without their signs; the two-number functions take signed ones.
    return row.getBoolean("two_keys")
        ? new Thing.TwoKeys(row.getLong("class_id").intValue(), row.getLong("object_id").intValue())
        : new Thing.Key(row.getLong("key"));
  }

  /** The lock as a whole; empty when it is a lock on a table that its tool does not lock by. */
  Optional<SessionLock> lock(Optional<Backend> holder, List<Waiter> waiting, LockFacts facts) {
    return switch (thing) {
      case Thing.Table table ->
          facts
              .table(table.oid())
              .filter(found -> found.shape().mode().equals(Optional.of(mode)))
              .map(found -> new TableLock(found, mode, holder, prepared, waiting));
      case Thing.Key key ->
          Optional.of(
              new AdvisoryLock(
                  Long.toString(key.key()),
                  key.key() == facts.ours(),
                  facts.configured().contains(key.key()),
                  facts.keys().find(key.key()),
                  holder,
                  prepared,
                  waiting));
      case Thing.TwoKeys keys ->
          Optional.of(
              new AdvisoryLock(
                  keys.first() + "," + keys.second(),
                  false,
                  false,
                  Optional.empty(),
                  holder,
                  prepared,
                  waiting));
    };
  }
}
