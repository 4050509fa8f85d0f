package dev.pgmedic.cli;

import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Holds a worker up in the transaction that writes a step into the journal. */
final class StoreGate implements AutoCloseable {

  private static final long KEY = 4242;
  private static final Duration SOON = Duration.ofMinutes(2);

  private final PostgresUrl store;
  private final Connection holder;

  private StoreGate(PostgresUrl store, Connection holder) {
    this.store = store;
    this.holder = holder;
  }

  /**
   * A gate that is shut.
   *
   * @param states which of a step's states it stops, as SQL
   */
  static StoreGate at(PostgresUrl store, int step, String states) throws SQLException {
    return before(
        store,
        "INSERT OR UPDATE ON pgmedic.step_run",
        "NEW.index = %d AND NEW.state %s".formatted(step, states));
  }

  /** A gate that is shut before the end of a task. */
  static StoreGate atTheEnd(PostgresUrl store) throws SQLException {
    return before(store, "UPDATE ON pgmedic.recovery_task", "NEW.state IN ('succeeded', 'failed')");
  }

  private static StoreGate before(PostgresUrl store, String change, String when)
      throws SQLException {
    Connection holder = TestDatabases.connect(store);
    try (Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
    }
    TestDatabases.run(
        store,
        "CREATE FUNCTION pgmedic.gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM pg_advisory_xact_lock_shared(%d); RETURN NEW; END $$".formatted(KEY),
        "CREATE TRIGGER gate BEFORE %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION pgmedic.gate()"
            .formatted(change, when));
    return new StoreGate(store, holder);
  }

  /** Waits until a worker stands before it. */
  void reached() {
    await()
        .atMost(SOON)
        .until(() ->
            !TestDatabases.query(
                    store,
                    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                        + " AND objid = "
                        + KEY)
                .isEmpty());
  }

  /** Opens it for good. */
  @Override
  public void close() throws SQLException {
    holder.close();
    TestDatabases.run(store, "DROP FUNCTION pgmedic.gate() CASCADE");
  }
}
