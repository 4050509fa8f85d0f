package dev.pgmedic.lock;

import dev.pgmedic.lock.signature.KnownKeys;
import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one look at a database's sessions saw, all in one statement.
 *
 * @param at when, by the server's clock
 * @param self the process that looked
 * @param sessions every session of the database
 * @param held the locks in the server's memory that somebody holds
 * @param found how many locks there were, read or not
 */
record LockLook(Instant at, int self, List<Backend> sessions, List<SessionLock> held, long found) {

  private static final String LOOK = SqlResource.read(LockLook.class, "look.sql");
  private static final String QUIET = SqlResource.read(LockLook.class, "quiet.sql");

  LockLook {
    sessions = List.copyOf(sessions);
    held = List.copyOf(held);
  }

  /**
   * Looks. Takes no lock on any relation of a user; fails as the query fails.
   *
   * @param most how many locks are read; those that we know come first
   */
  static Future<LockLook> take(SqlClient session, LockFacts facts, long most) {
    Long[] keys =
        Stream.concat(
                facts.keys().all().stream(),
                Stream.concat(Stream.of(facts.ours()), facts.configured().stream()))
            .toArray(Long[]::new);
    return session
        .preparedQuery(LOOK)
        .execute(Tuple.of(tables(facts), keys, KnownKeys.LIKELY_FROM, KnownKeys.LIKELY_TO, most))
        .map(rows -> of(rows, facts));
  }

  /**
   * Looks whether there is anything to see, which costs much less. Completes with a look that saw
   * nothing, or with none when {@link #take} may see something; fails as the query fails.
   */
  static Future<Optional<LockLook>> quiet(SqlClient session, LockFacts facts) {
    return session
        .preparedQuery(QUIET)
        .execute(Tuple.of(tables(facts)))
        .map(rows -> rows.iterator().next())
        .map(row ->
            row.getBoolean("quiet")
                ? Optional.of(
                    new LockLook(
                        row.getOffsetDateTime("now").toInstant(),
                        row.getInteger("self"),
                        List.of(),
                        List.of(),
                        0))
                : Optional.empty());
  }

  private static Long[] tables(LockFacts facts) {
    return facts.database().tables().stream()
        .filter(table -> table.shape().mode().isPresent())
        .map(table -> table.oid())
        .toArray(Long[]::new);
  }

  private static LockLook of(RowSet<Row> rows, LockFacts facts) {
    Map<Integer, Backend> sessions = new LinkedHashMap<>();
    List<LockEntry> entries = new ArrayList<>();
    Instant at = Instant.EPOCH;
    int self = 0;
    long found = 0;
    for (Row row : rows) {
      at = row.getOffsetDateTime("now").toInstant();
      self = row.getInteger("self");
      if (row.getInteger("pid") != null) {
        Backend backend = BackendRow.read(row, at);
        sessions.putIfAbsent(backend.pid(), backend);
      }
      if (row.getString("locktype") != null) {
        entries.add(LockEntry.read(row));
        found = row.getLong("found");
      }
    }
    return new LockLook(
        at, self, List.copyOf(sessions.values()), held(entries, sessions, facts), found);
  }

  private static List<SessionLock> held(
      List<LockEntry> entries, Map<Integer, Backend> sessions, LockFacts facts) {
    List<SessionLock> held = new ArrayList<>();
    for (LockEntry entry : entries) {
      Optional<Backend> holder = entry.pid().map(sessions::get);
      // A holder that ended while we looked gave the lock back.
      if (entry.granted() && (holder.isPresent() || entry.pid().isEmpty())) {
        List<Waiter> waiting = Waiters.of(entry, entries, sessions, facts);
        entry.lock(holder, waiting, facts).ifPresent(held::add);
      }
    }
    return held;
  }

  /** The same session as it was in this look. */
  Optional<Backend> find(Backend backend) {
    return sessions.stream()
        .filter(seen -> seen.pid() == backend.pid() && seen.identity().equals(backend.identity()))
        .findFirst();
  }
}
