package dev.pgmedic.check;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.lock.Backend;
import dev.pgmedic.lock.Blockade;
import dev.pgmedic.lock.LockSight;
import dev.pgmedic.lock.Wanted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Says which sessions keep a migration waiting, and which have forgotten a transaction. */
final class SessionRules {

  private SessionRules() {}

  static List<Finding> apply(LockSight seen) {
    return Stream.concat(
            seen.blockades().stream().map(SessionRules::blocking),
            seen.forgotten().stream().limit(Shown.MOST).map(SessionRules::forgotten))
        .toList();
  }

  private static Finding blocking(Blockade blockade) {
    Backend first = blockade.migrations().get(0);
    Map<String, Object> evidence =
        blockade.root().map(SessionEvidence::of).orElseGet(LinkedHashMap::new);
    blockade.prepared().ifPresent(gid -> evidence.put("prepared_transaction", gid));
    evidence.put(
        "waiting",
        blockade.migrations().stream()
            .limit(SessionEvidence.MOST)
            .map(SessionEvidence::of)
            .toList());
    evidence.put("migrations_waiting", blockade.migrations().size());
    evidence.put("others_waiting", blockade.others());
    return new Finding(
        IssueCode.SESSION_BLOCKING,
        subject(blockade),
        blockade.name()
            + " keeps a migration waiting"
            + first.wanted().map(Wanted::words).map(lock -> " for " + lock).orElse(""),
        recommendation(blockade),
        evidence);
  }

  private static String subject(Blockade blockade) {
    return blockade.pid() == 0
        ? "prepared transaction" + blockade.prepared().map(gid -> " " + gid).orElse("")
        : "session " + blockade.pid();
  }

  private static String recommendation(Blockade blockade) {
    if (blockade.pid() == 0) {
      return "Find out whose the prepared transaction is, and commit it or roll it back";
    }
    boolean idle = blockade.root().filter(Backend::isIdleInTransaction).isPresent();
    return idle
        ? "End session "
            + blockade.pid()
            + ": its client left a transaction open, which is rolled back"
        : "Let session "
            + blockade.pid()
            + " come to its end, or end it if the migration is more urgent";
  }

  private static Finding forgotten(Backend session) {
    return new Finding(
        IssueCode.SESSION_IDLE_IN_TRANSACTION,
        "session " + session.pid(),
        session.name() + " has left a transaction open and does nothing in it",
        "Mend the client that forgets to end its transaction, and end session " + session.pid(),
        SessionEvidence.of(session));
  }
}
