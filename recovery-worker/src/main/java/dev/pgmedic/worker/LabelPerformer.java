package dev.pgmedic.worker;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.enums.Enums;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.EnsureEnum;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;

/**
 * Adds labels to an enum type by {@link Enums}, whose transaction is its own, so that they are
 * committed before they are used.
 */
final class LabelPerformer implements Performer {

  private final PgConnection session;
  private final EnsureEnum action;

  LabelPerformer(PgConnection session, EnsureEnum action) {
    this.session = session;
    this.action = action;
  }

  @Override
  public Future<String> perform(Step step) {
    return Deadline.within(
        step.timeout(),
        step.title(),
        Standing.around(
            session,
            action,
            () -> Enums.extend(session, action.enumType(), step.timeout()),
            () -> ""),
        session::cancelRequest);
  }
}
