package dev.pgmedic.guard;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.command.Streams;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.lock.BorrowedLock;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a guard is asked to do.
 *
 * @param id of this run and of no other; it is the command's mark too
 * @param url a direct connection to the database that the command migrates
 * @param command its words
 * @param limits how long anything may take
 * @param under whose lock we may run already; absent means that the lock is taken
 * @param surroundings where the command runs; what guard adds to its environment comes on top
 * @param streams where the command reads from and writes to
 * @param afterwards what ends the run's sessions when we are killed; it gets {@code <run>/<fence>}
 *     as its last word
 */
public record GuardedRun(
    String id,
    PostgresUrl url,
    List<String> command,
    Limits limits,
    Optional<BorrowedLock.Claimed> under,
    Surroundings surroundings,
    Streams streams,
    Afterwards afterwards) {

  /**
   * How long anything may take.
   *
   * @param patience for the database and for the lock together; zero means that each is tried once
   * @param deadline for the command
   * @param lock what a statement of the command may wait for one lock; absent leaves it alone
   * @param connect from the first packet to a session that is logged in
   */
  public record Limits(
      Duration patience, Duration deadline, Optional<Duration> lock, Duration connect) {

    /** Rejects a command that would have no time. */
    public Limits {
      if (deadline.isZero() || deadline.isNegative() || patience.isNegative()) {
        throw new IllegalArgumentException("expected a deadline of more than zero");
      }
      lock.filter(Duration::isZero)
          .ifPresent(zero -> {
            throw new IllegalArgumentException(
                "expected a lock timeout of more than zero: zero waits for ever");
          });
    }
  }

  /** Copies the command. */
  public GuardedRun {
    command = List.copyOf(command);
  }

  /** An id that no run had before: 16 hex digits. */
  public static String newId() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }

  MigrationLock.Run run() {
    return new MigrationLock.Run(id, 0);
  }
}
