package dev.pgmedic.check;

import dev.pgmedic.lock.Backend;
import dev.pgmedic.lock.Wanted;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A session as evidence that a person can check by hand in {@code pg_stat_activity}. */
final class SessionEvidence {

  /** More sessions say nothing new. */
  static final int MOST = 10;

  private SessionEvidence() {}

  static Map<String, Object> of(Backend session) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("pid", session.pid());
    session.backendStart().ifPresent(start -> evidence.put("backend_start", start.toString()));
    session.application().ifPresent(name -> evidence.put("application_name", name));
    session.user().ifPresent(user -> evidence.put("user", user));
    session.client().ifPresent(address -> evidence.put("client", address));
    session.state().ifPresent(state -> evidence.put("state", state));
    session.quiet().ifPresent(quiet -> evidence.put("state_seconds", quiet.toSeconds()));
    session
        .inTransaction()
        .map(Duration::toSeconds)
        .ifPresent(seconds -> evidence.put("transaction_seconds", seconds));
    session.statement().ifPresent(text -> evidence.put("statement", text));
    session.wanted().map(Wanted::words).ifPresent(lock -> evidence.put("waits_for", lock));
    session
        .wanted()
        .flatMap(Wanted::waited)
        .map(Duration::toSeconds)
        .ifPresent(seconds -> evidence.put("waits_seconds", seconds));
    return evidence;
  }
}
