package dev.pgmedic.lock;

import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A row by which a tool says that it is at work. It is committed, so it stays when its writer dies.
 *
 * @param table where it stands
 * @param key which row
 * @param by how its writer names itself
 * @param at since when, word for word as the row has it
 * @param writtenAfter the row is no older than this; absent when nothing says how old it is
 * @param writtenBefore the row is no younger than this
 * @param likelySince since when it has probably been held, where the row says so; a time without a
 *     zone is taken as UTC's or as the server's own, whichever makes the row younger
 * @param leaseEnds until when the row counts; absent when it counts until it is cleared
 * @param version which version of the row was read
 * @param waiting who wants the lock
 */
public record LockRow(
    FoundTable table,
    String key,
    Optional<String> by,
    Optional<String> at,
    Optional<Instant> writtenAfter,
    Instant writtenBefore,
    Optional<Instant> likelySince,
    Optional<Instant> leaseEnds,
    String version,
    List<Waiter> waiting)
    implements SeenLock {

  /** A time without a zone is some client's own: these are the ends of the world's clocks. */
  static final Duration EAST = Duration.ofHours(14);

  static final Duration WEST = Duration.ofHours(12);

  /** Copies the collection. */
  public LockRow {
    waiting = List.copyOf(waiting);
  }

  @Override
  public String tool() {
    return table.shape().tool();
  }

  /** Whether it is the same version of the same row. */
  boolean isSameAs(LockRow other) {
    return table.oid() == other.table.oid()
        && key.equals(other.key)
        && version.equals(other.version);
  }
}
