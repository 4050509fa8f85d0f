package dev.pgmedic.worker;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.RebuildIndex;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Builds an index on the session that holds the migration lock, outside of a transaction as {@code
 * CONCURRENTLY} must be. A build that failed leaves an invalid copy, which is dropped again; so
 * does a worker that vanished in the middle of it, and whoever takes over drops what is left.
 */
final class IndexPerformer implements Performer {

  private static final List<String> AFTERWARDS =
      List.of("RESET ROLE", "RESET search_path", "RESET row_security", "RESET lock_timeout");

  private final Workplace workplace;
  private final PgConnection session;
  private final RebuildIndex action;

  IndexPerformer(Workplace workplace, PgConnection session, RebuildIndex action) {
    this.workplace = workplace;
    this.session = session;
    this.action = action;
  }

  @Override
  public Future<String> perform(Step step) {
    return Deadline.within(
        step.timeout(),
        step.title(),
        leftovers()
            .compose(before ->
                Standing.around(session, action, this::build, () -> "")
                    .compose(this::afterTakeOver, error -> tidied(before, error)))
            .eventually(() -> each(AFTERWARDS)),
        session::cancelRequest);
  }

  @Override
  public Future<String> progress() {
    return workplace.progress(session);
  }

  private Future<Void> build() {
    return each(action.each());
  }

  private Future<Void> each(List<String> statements) {
    Future<Void> done = Future.succeededFuture();
    for (String statement : statements) {
      done = done.compose(before -> session.query(statement).execute().mapEmpty());
    }
    return done;
  }

  private Future<Set<String>> leftovers() {
    return session
        .query(action.leftovers())
        .execute()
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString("name"))
                .collect(Collectors.toSet()));
  }

  // Nobody builds any of them any more: whoever builds an index of a table keeps others from it,
  // and ours is built. What a plan knows of has a step of its own.
  private Future<String> afterTakeOver(String said) {
    return workplace.claim().takenOver()
        ? leftovers()
            .compose(left ->
                left.isEmpty()
                    ? Future.succeededFuture(said)
                    : each(action.dropping(List.copyOf(left)))
                        .map(said + "; dropped what the worker before left: " + left))
        : Future.succeededFuture(said);
  }

  private Future<String> tidied(Set<String> before, Throwable error) {
    return leftovers()
        .compose(after -> {
          Set<String> ours = new HashSet<>(after);
          ours.removeAll(before);
          return each(action.dropping(List.copyOf(ours)));
        })
        .transform(tidied -> Future.failedFuture(error));
  }
}
