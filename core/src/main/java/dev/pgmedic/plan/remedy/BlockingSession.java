package dev.pgmedic.plan.remedy;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.lock.Backend;
import dev.pgmedic.plan.action.EndSession;
import dev.pgmedic.postgres.BackendSession;
import java.util.List;

/** Ends the session that keeps a migration waiting; a prepared transaction is a person's. */
final class BlockingSession implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation.seen().glance().sight().blockades().stream()
        .filter(blockade -> finding.subject().equals("session " + blockade.pid()))
        .flatMap(blockade -> blockade.root().stream())
        .filter(Backend::isOfAClient)
        .flatMap(root -> root.identity().stream())
        .findFirst()
        .<Treatment>map(BlockingSession::ended)
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Treatment ended(BackendSession session) {
    return Treatment.Heals.by(EndSession.blocking(session), List.of("in the way: " + session));
  }
}
