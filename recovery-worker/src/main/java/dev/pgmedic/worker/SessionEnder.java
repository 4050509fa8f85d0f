package dev.pgmedic.worker;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Action;
import io.vertx.core.Future;

/**
 * Ends another session, from a session of its own: the migration lock cannot be had before. Its
 * statement looks at what it ends in the moment of the act.
 */
final class SessionEnder implements Performer {

  private final Workplace workplace;
  private final Action.EndsSession action;

  SessionEnder(Workplace workplace, Action.EndsSession action) {
    this.workplace = workplace;
    this.action = action;
  }

  @Override
  public Future<String> perform(Step step) {
    return workplace
        .errand("pgmedic-release")
        .compose(session ->
            Deadline.within(
                    step.timeout(),
                    step.title(),
                    Standing.around(
                        session.connection(),
                        action,
                        () ->
                            session.connection().query(action.statements().orElseThrow()).execute(),
                        () -> ""),
                    session.connection()::cancelRequest)
                .eventually(session::close));
  }
}
