package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Glance;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.LastLook;
import dev.pgmedic.check.Look;
import dev.pgmedic.check.Unsettled;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The check of a command that looks once and tells what it found: what a migration at work may look
 * like is looked at a second time, and for a while as long as sessions are at work or the schema
 * changes. The monitor holds such things back for as long; nobody asks a command again.
 */
final class PatientCheck {

  // Longer than a session has to be at a statement to count as one at work.
  private static final long PAUSE_MILLIS = 400;

  private final Vertx vertx;
  private final DatabaseCheck check;
  private final Duration patience;
  private final Consumer<String> notes;

  /**
   * A check.
   *
   * @param patience how long it waits at most, beside the deadlines of the looks themselves; zero
   *     tells what the first look found
   * @param notes hears that it waits, and that it waited in vain
   */
  PatientCheck(Vertx vertx, DatabaseCheck check, Duration patience, Consumer<String> notes) {
    this.vertx = vertx;
    this.check = check;
    this.patience = patience;
    this.notes = notes;
  }

  /**
   * Completes with what is wrong, as {@link DatabaseCheck#run(Target, KnownGoodLookup)} does; fails
   * as the lookup of known-good fails. Reads only.
   */
  Future<Diagnosis> run(Target target, KnownGoodLookup known) {
    return new Run(target, known).look();
  }

  /** One target's. */
  private final class Run {

    private final Target target;
    private final KnownGoodLookup known;
    private Optional<Long> start = Optional.empty();
    private boolean waits;

    Run(Target target, KnownGoodLookup known) {
      this.target = target;
      this.known = known;
    }

    private Future<Diagnosis> look() {
      return check.run(target, known, Optional.empty()).compose(this::settled);
    }

    private Future<Diagnosis> settled(Look seen) {
      if (Unsettled.in(seen.diagnosis()).isEmpty()) {
        return Future.succeededFuture(seen.diagnosis());
      }
      if (isOver()) {
        tellInVain();
        return Future.succeededFuture(seen.diagnosis());
      }
      return vertx
          .timer(PAUSE_MILLIS)
          .compose(waited -> check.isAtWork(target))
          .compose(work ->
              check
                  .run(target, known, seen.memory().map(LastLook::doubted))
                  .compose(again -> compared(seen, again, work)));
    }

    // From the first look's end on, however long that took.
    private boolean isOver() {
      long now = System.nanoTime();
      start = start.or(() -> Optional.of(now));
      return now - start.get() >= patience.toNanos();
    }

    private Future<Diagnosis> compared(Look seen, Look again, boolean work) {
      boolean locked = again.diagnosis().glance().filter(Glance::migrationAtWork).isPresent();
      if (again.diagnosis().observation().isPresent() && !locked) {
        tellWait();
        return settled(again); // the schema is another one
      }
      if (locked || again.diagnosis().seen().isEmpty()) {
        return look(); // which says so
      }
      if (work) {
        tellWait();
        return settled(seen);
      }
      return Future.succeededFuture(seen.diagnosis());
    }

    private void tellWait() {
      if (!waits) {
        waits = true;
        notes.accept(
            target.name()
                + ": what is wrong may be a migration's half-way, since a session is at work or the"
                + " schema changes; looking again for up to "
                + DurationText.format(patience)
                + " (--wait)");
      }
    }

    private void tellInVain() {
      if (waits) {
        notes.accept(
            target.name()
                + ": sessions are still at work; what is told has stood until now, and a migration"
                + " under no lock may yet explain it");
      }
    }
  }
}
