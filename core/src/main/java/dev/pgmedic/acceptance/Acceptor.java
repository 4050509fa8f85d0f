package dev.pgmedic.acceptance;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.check.Acceptance;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Confirmations;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/**
 * Takes a difference that a person accepts into known-good: as the target has it now, and no other
 * difference with it. Reading a whole schema knows no future, so it takes a worker thread.
 */
public final class Acceptor {

  private final Vertx vertx;
  private final Baselines baselines;
  private final Confirmations confirmations;
  private final DatabaseCheck check;

  /** An acceptor for the targets of a store. */
  public Acceptor(Vertx vertx, Store store) {
    this.vertx = vertx;
    this.baselines = new Baselines(store);
    this.confirmations = new Confirmations(store);
    this.check = new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE);
  }

  /**
   * Looks at the target, takes the difference in and ends its issue. Reads the target only.
   *
   * <p>Completes when that is done. Fails with {@link NotAcceptable} when the issue is no
   * difference from known-good, is not to be seen any more or is resolved, or while a migration is
   * at work; with {@link dev.pgmedic.postgres.Unreachable} when the target is not to be seen; and
   * as the store fails. Nothing changed then.
   *
   * @param by who accepts it, and why, for people
   */
  public Future<Void> accept(Target target, Issue issue, String by) {
    if (!Acceptance.isDifference(issue.finding().code())) {
      return refused(issue.finding().code() + " is no difference from known-good");
    }
    return check
        .observe(target)
        .compose(seen ->
            seen.migrationAtWork()
                ? refused("a migration is at work; try again when it has ended")
                : baselines
                    .find(target.name(), seen.history().standing())
                    .compose(good -> accept(target, issue, seen, good, by)));
  }

  private Future<Void> accept(
      Target target, Issue issue, Observation seen, Optional<KnownGood> good, String by) {
    Optional<KnownGood> taken =
        good.flatMap(known -> Acceptance.of(issue.finding().key(), seen, known));
    if (taken.isEmpty()) {
      return refused(
          "the target does not differ from known-good by it now; what the owner expects is changed"
              + " in the configuration");
    }
    return script(target, seen, taken.get())
        .compose(script ->
            confirmations.accept(
                target.name(), new Confirmations.Accepted(issue.id(), taken.get(), script, by)))
        .compose(
            open -> open ? Future.succeededFuture() : refused("the issue is resolved already"));
  }

  // While the target has other faults its script would bless them.
  private Future<Optional<String>> script(Target target, Observation seen, KnownGood taken) {
    if (!Acceptance.agrees(seen, taken)) {
      return Future.succeededFuture(Optional.empty());
    }
    return vertx
        .executeBlocking(
            () -> SchemaDefinition.script(target.url(), target.deadlines().check()), false)
        .compose(script ->
            check
                .observe(target)
                .map(again ->
                    Optional.of(script).filter(s -> again.catalog().equals(seen.catalog()))));
  }

  private static <T> Future<T> refused(String reason) {
    return Future.failedFuture(new NotAcceptable(reason));
  }
}
