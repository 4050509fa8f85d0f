package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.config.Config;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Collectors;

/** The check that follows a command which says that it succeeded. */
final class LookAfterwards {

  private LookAfterwards() {}

  /**
   * Completes with what is wrong, in words: everything of high or above, or that the check itself
   * was not possible; empty when nothing is. Never fails.
   */
  static Future<Optional<String>> wrong(
      Vertx vertx, Config config, Target target, Closing closing) {
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE);
    return KnownGoodSource.open(vertx, config, closing)
        .compose(known -> check.run(target, known.of(target)))
        .map(LookAfterwards::findings)
        .otherwise(error -> Optional.of("the check was not possible: " + error.getMessage()));
  }

  private static Optional<String> findings(Diagnosis diagnosis) {
    String all =
        diagnosis.findings().stream()
            .filter(finding -> finding.code().severity().atLeast(Severity.HIGH))
            .map(finding -> finding.code() + ": " + finding.message())
            .collect(Collectors.joining("; "));
    return Optional.of(all)
        .filter(wrong -> !wrong.isEmpty())
        .map(wrong -> "a check finds " + wrong);
  }
}
