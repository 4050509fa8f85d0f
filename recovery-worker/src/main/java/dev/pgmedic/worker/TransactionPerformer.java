package dev.pgmedic.worker;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Action;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.List;

/**
 * Performs SQL in one transaction of the session that holds the migration lock: prepares it and
 * takes its locks, looks at its conditions, runs it word for word, and looks again. A step that
 * failed has changed nothing.
 */
final class TransactionPerformer implements Performer {

  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long SLOWEST_RETRY_MILLIS = 2_000;
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final long NANOS = 1_000_000; // of a millisecond

  private final Workplace workplace;
  private final PgConnection session;
  private final Action.Transaction action;
  private final List<String> notices = new ArrayList<>();

  TransactionPerformer(Workplace workplace, PgConnection session, Action.Transaction action) {
    this.workplace = workplace;
    this.session = session;
    this.action = action;
  }

  @Override
  public Future<String> perform(Step step) {
    long end = System.nanoTime() + step.timeout().toNanos();
    session.noticeHandler(notice -> notices.add(notice.getMessage()));
    return Deadline.within(
        step.timeout(), step.title(), attempt(end, FIRST_RETRY_MILLIS), session::cancelRequest);
  }

  @Override
  public Future<String> progress() {
    return workplace.progress(session);
  }

  // A lock that is not to be had within lock_timeout rolls the whole transaction back; others pass,
  // and it is tried again.
  private Future<String> attempt(long end, long pause) {
    notices.clear();
    return once()
        .recover(error ->
            isLockTimeout(error) && System.nanoTime() + pause * NANOS < end
                ? workplace
                    .vertx()
                    .timer(pause)
                    .compose(waited -> attempt(end, Math.min(pause * 2, SLOWEST_RETRY_MILLIS)))
                : Future.failedFuture(error));
  }

  private static boolean isLockTimeout(Throwable error) {
    return error instanceof PgException refused && LOCK_NOT_AVAILABLE.equals(refused.getSqlState());
  }

  private Future<String> once() {
    return session
        .begin()
        .compose(tx ->
            run(action.preparation())
                .compose(
                    prepared -> Standing.around(session, action, () -> run(body()), this::told))
                .compose(
                    output -> tx.commit().map(output),
                    error -> tx.rollback().transform(undone -> Future.failedFuture(error))));
  }

  private List<String> body() {
    return Confined.of(action.preparation(), action.body());
  }

  private Future<?> run(List<String> statements) {
    return session.query(String.join(";\n", statements)).execute();
  }

  private String told() {
    return notices.isEmpty() ? "" : "; " + String.join("; ", notices);
  }
}
