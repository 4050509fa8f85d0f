package dev.pgmedic.worker;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.CatalogReader;
import dev.pgmedic.check.EnumRules;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.enums.Enums;
import dev.pgmedic.plan.Action;
import dev.pgmedic.plan.EnsureEnum;
import dev.pgmedic.plan.Quarantine;
import dev.pgmedic.plan.RebuildObjects;
import dev.pgmedic.plan.ReleaseLock;
import dev.pgmedic.plan.RestartService;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.Verify;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Executes one step on the session that holds the migration lock: looks at its conditions, runs its
 * SQL word for word, and looks again, in one transaction. Labels of an enum type are added by
 * {@link Enums}, whose transaction is its own, so that they are committed before they are used. A
 * step whose end is reached already does nothing.
 */
final class StepExecutor {

  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long SLOWEST_RETRY_MILLIS = 2_000;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Vertx vertx;
  private final PgConnection session;
  private final Step step;
  private final List<String> notices = new ArrayList<>();

  StepExecutor(Vertx vertx, PgConnection session, Step step) {
    this.vertx = vertx;
    this.session = session;
    this.step = step;
  }

  /** What the catalog says about a step. */
  private enum Standing {
    READY,
    DONE,
    NEITHER
  }

  /**
   * Completes with what the step said; fails with {@link StepFailed} when its conditions do not
   * hold, with {@link dev.pgmedic.deadline.DeadlinePassed} after its timeout, and as the server
   * does. A failed step has changed nothing.
   */
  Future<String> execute() {
    long end = System.nanoTime() + step.timeout().toNanos();
    session.noticeHandler(notice -> notices.add(notice.getMessage()));
    return Deadline.within(
        step.timeout(), step.title(), attempt(end, FIRST_RETRY_MILLIS), session::cancelRequest);
  }

  // A lock that is not to be had within lock_timeout rolls the whole transaction back; others pass,
  // and it is tried again.
  private Future<String> attempt(long end, long pause) {
    return once()
        .recover(error ->
            isLockTimeout(error) && System.nanoTime() < end
                ? vertx
                    .timer(pause)
                    .compose(waited -> attempt(end, Math.min(pause * 2, SLOWEST_RETRY_MILLIS)))
                : Future.failedFuture(error));
  }

  private static boolean isLockTimeout(Throwable error) {
    return error instanceof PgException refused && LOCK_NOT_AVAILABLE.equals(refused.getSqlState());
  }

  private Future<String> once() {
    return step.action() instanceof EnsureEnum ? checked() : inTransaction();
  }

  private Future<String> inTransaction() {
    return session
        .begin()
        .compose(tx ->
            checked()
                .compose(
                    output -> tx.commit().map(output),
                    error -> tx.rollback().transform(undone -> Future.failedFuture(error))));
  }

  private Future<String> checked() {
    return standing().compose(this::act);
  }

  private Future<String> act(Standing standing) {
    return switch (standing) {
      case DONE -> Future.succeededFuture("already so: " + step.action().postcondition());
      case NEITHER ->
          Future.failedFuture(
              new StepFailed("expected before it: " + step.action().precondition()));
      case READY ->
          run()
              .compose(ran -> standing())
              .compose(after ->
                  after == Standing.DONE
                      ? Future.succeededFuture(told())
                      : Future.failedFuture(
                          new StepFailed("expected after it: " + step.action().postcondition())));
    };
  }

  private Future<?> run() {
    if (step.action() instanceof EnsureEnum labels) {
      return Enums.extend(session, labels.enumType(), step.timeout());
    }
    return session
        .query(step.action().statements().orElseThrow())
        .execute()
        .compose(ran -> session.query("RESET ROLE; SET search_path = pg_catalog").execute());
  }

  private String told() {
    return notices.isEmpty()
        ? step.action().postcondition()
        : step.action().postcondition() + "; " + String.join("; ", notices);
  }

  private Future<Standing> standing() {
    return CatalogReader.objects(session).map(catalog -> standing(step.action(), catalog));
  }

  private static Standing standing(Action action, Catalog catalog) {
    return switch (action) {
      case RebuildObjects rebuild -> standing(rebuild, catalog);
      case Quarantine quarantine -> standing(quarantine, catalog);
      case EnsureEnum labels -> standing(labels, catalog);
      case ReleaseLock release -> Standing.NEITHER;
      case RestartService restart -> Standing.NEITHER;
      case Verify verify -> Standing.NEITHER;
    };
  }

  private static Standing standing(RebuildObjects rebuild, Catalog catalog) {
    long there = rebuild.objects().stream().filter(key -> catalog.find(key).isPresent()).count();
    if (there == 0) {
      return Standing.READY;
    }
    return there == rebuild.objects().size() ? Standing.DONE : Standing.NEITHER;
  }

  private static Standing standing(Quarantine quarantine, Catalog catalog) {
    long there =
        quarantine.types().stream().filter(type -> catalog.has(Kind.ENUM, type.identity())).count();
    boolean used = quarantine.types().stream().anyMatch(t -> catalog.isNeeded(t.identity()));
    if (there == 0) {
      return Standing.DONE;
    }
    return there == quarantine.types().size() && !used ? Standing.READY : Standing.NEITHER;
  }

  private static Standing standing(EnsureEnum labels, Catalog catalog) {
    Optional<List<String>> found =
        catalog.find(new Key(Kind.ENUM, labels.name())).map(EnumRules::labels);
    if (found.equals(Optional.of(labels.present()))) {
      return Standing.READY;
    }
    return found.equals(Optional.of(labels.wanted())) ? Standing.DONE : Standing.NEITHER;
  }
}
