package dev.pgmedic.lock;

import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import java.util.List;
import java.util.Optional;

/**
 * The lock on its own history table that a tool holds for a whole run.
 *
 * @param table the table
 * @param mode the lock's mode as {@code pg_locks} words it
 * @param session who holds it; absent when a prepared transaction does
 * @param prepared the name of the prepared transaction that holds it
 * @param waiting who wants it
 */
public record TableLock(
    FoundTable table,
    String mode,
    Optional<Backend> session,
    Optional<String> prepared,
    List<Waiter> waiting)
    implements SessionLock {

  /** Copies the collection. */
  public TableLock {
    waiting = List.copyOf(waiting);
  }

  @Override
  public String tool() {
    return table.shape().tool();
  }

  @Override
  public String key() {
    return table.quoted();
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public boolean worksUnderAnyName() {
    return table.shape().worksUnderAnyName();
  }
}
