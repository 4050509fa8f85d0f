package dev.pgmedic.worker;

import dev.pgmedic.plan.action.Action;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.util.Locale;
import java.util.function.Supplier;

/** What the database says about a step. */
enum Standing {
  /** What must be so before it is so. */
  READY,
  /** What is so after it is so already. */
  DONE,
  /** Neither, so that nobody knows what it would do. */
  NEITHER;

  /** Asks the step's own condition. Fails as the query fails. */
  static Future<Standing> of(SqlClient session, Action action) {
    return session
        .query(action.condition().orElseThrow())
        .execute()
        .map(
            rows -> valueOf(rows.iterator().next().getString("standing").toUpperCase(Locale.ROOT)));
  }

  /**
   * Runs {@code work} if the step is ready, and looks again: then it must be done. Completes with
   * what the step said; fails with {@link StepFailed} when it is neither, or not done behind it.
   *
   * @param told what the step has to say beside that it is done
   */
  static Future<String> around(
      SqlClient session, Action action, Supplier<Future<?>> work, Supplier<String> told) {
    return of(session, action)
        .compose(before ->
            switch (before) {
              case DONE -> Future.succeededFuture("already so: " + action.postcondition());
              case NEITHER -> failed("expected before it: " + action.precondition());
              case READY ->
                  work.get()
                      .compose(ran -> of(session, action))
                      .compose(after ->
                          after == DONE
                              ? Future.succeededFuture(action.postcondition() + told.get())
                              : failed("expected after it: " + action.postcondition()));
            });
  }

  private static Future<String> failed(String why) {
    return Future.failedFuture(new StepFailed(why));
  }
}
