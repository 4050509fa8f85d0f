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
 * CONCURRENTLY} must be. A build that failed leaves an invalid copy, which is dropped again.
 */
final class IndexPerformer implements Performer {

  private static final List<String> AFTERWARDS =
      List.of("RESET ROLE", "RESET search_path", "RESET row_security", "RESET lock_timeout");

  private final PgConnection session;
  private final RebuildIndex action;

  IndexPerformer(PgConnection session, RebuildIndex action) {
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
                        .recover(error -> tidied(before, error))),
            session::cancelRequest)
        .eventually(() -> each(AFTERWARDS));
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

  private Future<String> tidied(Set<String> before, Throwable error) {
    return leftovers()
        .compose(after -> {
          Set<String> ours = new HashSet<>(after);
          ours.removeAll(before);
          return each(ours.stream().map(name -> "DROP INDEX CONCURRENTLY " + name).toList());
        })
        .transform(tidied -> Future.failedFuture(error));
  }
}
