package dev.pgmedic.plan.remedy;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.EndSession;
import java.util.List;

/**
 * Ends the session that left a transaction open, if it has done nothing in it since it was seen.
 */
final class ForgottenTransaction implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation.seen().glance().sight().forgotten().stream()
        .filter(session -> finding.subject().equals("session " + session.pid()))
        .filter(session -> session.identity().isPresent() && session.stateSince().isPresent())
        .findFirst()
        .<Treatment>map(session ->
            Treatment.Heals.by(
                EndSession.idle(session.identity().get(), session),
                List.of(
                    "idle: " + session.identity().get() + " since " + session.stateSince().get())))
        .orElse(new Treatment.Person(finding.recommendation()));
  }
}
