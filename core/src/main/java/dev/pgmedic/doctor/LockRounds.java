package dev.pgmedic.doctor;

import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.AdvisoryLocks;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;

/** How the migration lock stands. */
final class LockRounds {

  private LockRounds() {}

  static Future<Probe> ours(PgConnection session, Target target) {
    return AdvisoryLocks.read(session, target.migrations().lockKeys())
        .map(locks ->
            locks.stream()
                .filter(AdvisoryLock::ours)
                .findFirst()
                .map(LockRounds::held)
                .orElse(Probe.ok("key", "nobody holds the migration lock")));
  }

  private static Probe held(AdvisoryLock lock) {
    return switch (lock.verdict(MigrationLock.LONGEST_PAUSE)) {
      case LIVE -> Probe.ok("key", "the migration lock is at work: " + lock.holder());
      case ORPHANED ->
          Probe.warning(
              "key",
              "the migration lock is orphaned: " + lock.holder(),
              "no migration starts until it is released",
              "pgmedic locks   # says why; a recovery releases it");
      case SUSPECTED, UNKNOWN ->
          Probe.warning(
              "key",
              "the migration lock is held, whether by somebody alive is not to be seen: "
                  + lock.holder(),
              "an orphaned lock would not be told from a live one",
              "pgmedic locks   # says what is seen of its holder");
    };
  }
}
