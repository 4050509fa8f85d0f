package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.signature.KnownKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Judges whoever holds a lock in the server's memory. A holder that looks idle is the normal state
 * of several tools: one connection keeps the lock while the work runs on another. So another tool's
 * holder is suspected at most, and only when nothing at all speaks for it.
 */
final class LockJudge {

  private final Looks looks;
  private final LockLimits limits;

  LockJudge(Looks looks, LockLimits limits) {
    this.looks = looks;
    this.limits = limits;
  }

  Judgement judge(SessionLock lock) {
    if (lock instanceof AdvisoryLock key && key.isOfAnApplication()) {
      return Judgement.of(
          Verdict.UNKNOWN,
          "no migration tool that we know takes this key here, and the target's lock_keys do not"
              + " name it",
          "it belongs to an application and is never touched");
    }
    return lock.session()
        .map(holder -> with(origin(lock), held(lock, holder)))
        .orElseGet(() ->
            Judgement.of(
                Verdict.UNKNOWN,
                "no session holds it but the prepared transaction " + lock.prepared().orElse("?"),
                "COMMIT PREPARED or ROLLBACK PREPARED ends it; pg_prepared_xacts says whose it"
                    + " is"));
  }

  private static Judgement with(Stream<String> first, Judgement judgement) {
    return new Judgement(
        judgement.verdict(), Stream.concat(first, judgement.evidence().stream()).toList());
  }

  private static Stream<String> origin(SessionLock lock) {
    return switch (lock) {
      case TableLock table ->
          Stream.of(table.mode() + " on a table of " + table.tool() + "'s shape");
      case AdvisoryLock key when key.ours() -> Stream.empty();
      case AdvisoryLock key ->
          Stream.of(
              key.known()
                  .map(KnownKey::origin)
                  .map(origin -> "the key is " + origin)
                  .orElse("the target's lock_keys name the key"));
    };
  }

  private Judgement held(SessionLock lock, Backend holder) {
    if (!holder.isVisible()) {
      return Judgement.of(
          Verdict.UNKNOWN,
          holder.state().isPresent()
              ? "track_activities is off for session " + holder.pid()
              : "what session " + holder.pid() + " does may not be seen by this role");
    }
    if (lock instanceof AdvisoryLock && lock.exact() && looks.isPooled(holder)) {
      return Judgement.of(
          Verdict.ORPHANED,
          "the pooler gave us session "
              + holder.pid()
              + " while it held the key: no client is"
              + " behind it, and what a client left there is given back by nobody");
    }
    if (lock instanceof AdvisoryLock key && key.ours()) {
      return Heart.judge(lock.session(), limits.pause());
    }
    List<String> life = signsOfLife(lock, holder);
    if (life.isEmpty()) {
      return lock.exact() ? suspected(lock, holder) : guessed(holder);
    }
    return new Judgement(Verdict.LIVE, life);
  }

  private Judgement suspected(SessionLock lock, Backend holder) {
    return Judgement.of(
        Verdict.SUSPECTED,
        idleSince(holder) + ", and unchanged in two looks " + words(looks.apart()) + " apart",
        "no session "
            + (lock.worksUnderAnyName()
                ? "of the same user and address"
                : "of the same user, address and application")
            + " has worked for "
            + words(limits.idle()),
        "nobody in this database reports progress of a long command",
        lock.waiting().size() + " wait for it: " + pids(Waiters.sessions(lock.waiting())),
        "to end it may still end a live run");
  }

  private Judgement guessed(Backend holder) {
    return Judgement.of(
        Verdict.UNKNOWN, idleSince(holder), "whose key it is is not certain: it is left alone");
  }

  private List<String> signsOfLife(SessionLock lock, Backend holder) {
    List<String> life = new ArrayList<>();
    if (!holder.isIdle()) {
      life.add("session " + holder.pid() + " is " + holder.doing() + blockers(holder));
    } else if (holder.workedWithin(limits.idle())) {
      life.add(idleSince(holder) + ", less than " + words(limits.idle()));
    }
    siblings(lock, holder).forEach(sibling -> life.addAll(work(sibling, holder)));
    looks.now().sessions().stream()
        .filter(session -> session.progress() && session.pid() != holder.pid())
        .forEach(session ->
            life.add("session " + session.pid() + " reports progress of a long command"));
    if (life.isEmpty() && !looks.unchanged(holder)) {
      life.add(idleSince(holder) + ", but it was not seen so in both looks");
    }
    if (life.isEmpty() && lock.waiting().isEmpty()) {
      life.add(idleSince(holder) + ", but nobody waits for the lock");
    }
    return life;
  }

  /** The sessions that look like other connections of the holder's client. */
  Stream<Backend> siblings(SessionLock lock, Backend holder) {
    List<Integer> waiting = Waiters.sessions(lock.waiting()).map(Backend::pid).toList();
    return looks.now().sessions().stream()
        .filter(session ->
            lock.worksUnderAnyName() ? session.isNeighbourOf(holder) : session.isSiblingOf(holder))
        .filter(session -> !waiting.contains(session.pid()))
        .filter(session -> !looks.isOurs(session));
  }

  private List<String> work(Backend sibling, Backend holder) {
    if (!sibling.isVisible() || !sibling.workedWithin(limits.idle())) {
      return List.of();
    }
    String doing = "its sibling session " + sibling.pid() + " is " + sibling.doing();
    return sibling.blockedBy().contains(holder.pid())
        ? List.of(
            doing,
            "session "
                + sibling.pid()
                + " waits for session "
                + holder.pid()
                + " of the same client: this never ends by itself")
        : List.of(doing + blockers(sibling));
  }

  private static String blockers(Backend session) {
    return session.blockedBy().isEmpty()
        ? ""
        : ", blocked by " + pids(session.blockedBy().stream().map(String::valueOf).toList());
  }

  private static String idleSince(Backend holder) {
    return "session " + holder.pid() + " is " + holder.doing();
  }

  static String pids(Stream<Backend> sessions) {
    return pids(sessions.map(Backend::pid).map(String::valueOf).toList());
  }

  private static String pids(List<String> pids) {
    return (pids.size() == 1 ? "session " : "sessions ") + String.join(", ", pids);
  }

  private static String words(Duration duration) {
    return DurationText.words(duration);
  }
}
