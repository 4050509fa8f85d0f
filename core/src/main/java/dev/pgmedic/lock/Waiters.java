package dev.pgmedic.lock;

import dev.pgmedic.lock.LockEntry.Thing;
import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.lock.signature.ToolTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Finds who wants a lock: whoever stands in the server's queue, and whoever asked for it a moment
 * ago and was refused. Most tools never queue: they try, sleep, and try again.
 */
final class Waiters {

  /** The slowest tool asks every 10 s. */
  static final Duration ASKED_LATELY = Duration.ofSeconds(30);

  private static final String OURS = "pgmedic-wait/";

  private Waiters() {}

  /** Who wants what {@code held} holds. */
  static List<Waiter> of(
      LockEntry held, List<LockEntry> all, Map<Integer, Backend> sessions, LockFacts facts) {
    List<Waiter> waiting = new ArrayList<>();
    for (LockEntry entry : all) {
      Optional<Backend> session = entry.pid().map(sessions::get);
      if (!entry.granted() && entry.thing().equals(held.thing()) && session.isPresent()) {
        waiting.add(new Waiter(session.get(), Waiter.How.QUEUED, queued(entry, session.get())));
      }
    }
    if (held.thing() instanceof Thing.Key key) {
      sessions.values().stream()
          .filter(session -> !held.pid().equals(Optional.of(session.pid())))
          .filter(session -> waiting.stream().noneMatch(known -> known.session().equals(session)))
          .filter(session -> asks(session, key.key(), facts))
          .forEach(session -> waiting.add(polling(session)));
    }
    return waiting;
  }

  // waitstart is written a moment after the wait began.
  private static Optional<Duration> queued(LockEntry entry, Backend session) {
    return entry
        .waitsSince()
        .flatMap(start ->
            session
                .stateSince()
                .flatMap(change -> session.quiet().map(quiet -> change.plus(quiet)))
                .map(now -> start.isAfter(now) ? Duration.ZERO : Duration.between(start, now)));
  }

  private static boolean asks(Backend session, long key, LockFacts facts) {
    boolean named = session.askedFor().equals(OptionalLong.of(key));
    boolean ours =
        key == facts.ours()
            && session.application().filter(name -> name.startsWith(OURS)).isPresent();
    return (named || ours) && session.workedWithin(ASKED_LATELY) && session.isVisible();
  }

  /** Who reads a lock row again and again, waiting for it to be cleared. */
  static List<Waiter> ofRow(FoundTable table, List<Backend> sessions) {
    return sessions.stream()
        .filter(Backend::isVisible)
        .filter(Backend::isIdle)
        .filter(session -> session.workedWithin(ASKED_LATELY))
        .filter(session -> session.statement().filter(text -> asks(text, table)).isPresent())
        .map(Waiters::polling)
        .toList();
  }

  // Liquibase rolls back after every look at the row and then sets the search path again.
  private static boolean asks(String statement, FoundTable table) {
    String text = statement.toLowerCase(Locale.ROOT);
    boolean reads =
        text.startsWith("select") && text.contains(table.name().toLowerCase(Locale.ROOT));
    return reads
        || (table.shape() == ToolTable.LIQUIBASE_LOCK && text.startsWith("set search_path to"));
  }

  private static Waiter polling(Backend session) {
    return new Waiter(session, Waiter.How.POLLS, Optional.empty());
  }

  static Stream<Backend> sessions(List<Waiter> waiting) {
    return waiting.stream().map(Waiter::session);
  }
}
