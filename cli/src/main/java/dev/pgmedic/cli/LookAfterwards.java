package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Glance;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.config.Config;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The check that follows a command which says that it succeeded. */
final class LookAfterwards {

  private static final long AGAIN_MILLIS = 250;

  private final Vertx vertx;
  private final Target target;
  private final Duration patience;
  private final long start = System.nanoTime();

  /**
   * A look at a target.
   *
   * @param patience how long it may wait for others to end their migrations; zero looks once
   */
  LookAfterwards(Vertx vertx, Target target, Duration patience) {
    this.vertx = vertx;
    this.target = target;
    this.patience = patience;
  }

  /**
   * Completes with what is wrong, in words: everything of high or above, or that the check itself
   * was not possible; empty when nothing is. While somebody migrates the target nothing is judged,
   * so it looks again until nobody does, and once {@code patience} is over that is what is wrong.
   * Never fails.
   */
  Future<Optional<String>> wrong(Config config, Closing closing) {
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE);
    return KnownGoodSource.open(vertx, config, closing)
        .compose(known -> judged(check, known.of(target)))
        .otherwise(error -> Optional.of(notPossible(error.getMessage())));
  }

  private Future<Optional<String>> judged(DatabaseCheck check, KnownGoodLookup known) {
    return check
        .run(target, known)
        .compose(diagnosis -> {
          Optional<Glance> atWork = diagnosis.glance().filter(Glance::migrationAtWork);
          if (atWork.isEmpty() || !findings(diagnosis).isEmpty()) {
            return Future.succeededFuture(told(diagnosis));
          }
          return System.nanoTime() - start < patience.toNanos()
              ? vertx.timer(AGAIN_MILLIS).compose(waited -> judged(check, known))
              : Future.succeededFuture(Optional.of(notPossible(atWork.get())));
        });
  }

  private static String notPossible(@Nullable String why) {
    return "the check was not possible: " + why;
  }

  private static String notPossible(Glance seen) {
    return notPossible(
        "a migration is at work" + seen.sight().atWork().map(who -> ": " + who).orElse(""));
  }

  private static Optional<String> told(Diagnosis diagnosis) {
    return Optional.of(findings(diagnosis))
        .filter(wrong -> !wrong.isEmpty())
        .map(wrong -> "a check finds " + wrong);
  }

  private static String findings(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .filter(finding -> finding.code().severity().atLeast(Severity.HIGH))
        .map(finding -> finding.code() + ": " + finding.message())
        .collect(Collectors.joining("; "));
  }
}
