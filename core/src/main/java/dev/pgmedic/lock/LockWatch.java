package dev.pgmedic.lock;

import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at the locks and sessions of targets, once in a check, and remembers of each target what
 * its next look is held against.
 */
public final class LockWatch {

  /** More locks are counted, and those that we know are read first. */
  private static final long MOST_LOCKS = 1_000;

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Duration pause;
  private final Map<String, Remembered> before = new ConcurrentHashMap<>();

  /**
   * A watch.
   *
   * @param pause the longest that the heart of our own lock may pause
   */
  public LockWatch(Vertx vertx, Duration pause) {
    this.vertx = vertx;
    this.pause = pause;
  }

  private record Look(LockLook sessions, LockRows rows) {}

  /**
   * Looks, and judges what is seen by this look and the one before. When there was none, and
   * somebody other than pgmedic holds a migration tool's lock, it looks again a second later.
   *
   * <p>Completes with what is seen; fails as the queries fail. Takes no lock on a relation of a
   * user but ACCESS SHARE on the tools' lock tables, not waited for and given back at once.
   *
   * @param places where locks are looked for
   * @param histories the qualified names of the tables that only migrations want
   */
  public Future<LockSight> look(
      PgConnection session, Target target, LockPlaces places, Set<String> histories) {
    LockFacts facts = places.facts();
    return once(session, facts)
        .compose(first -> {
          Optional<Remembered> earlier = Optional.ofNullable(before.get(target.name()));
          Remembered known = earlier.orElseGet(() -> Remembered.of(first.sessions(), first.rows()));
          return earlier.isPresent() || !known.asksForAnotherLook()
              ? Future.succeededFuture(judged(target, known, first, histories))
              : vertx
                  .timer(AGAIN.toMillis())
                  .compose(waited -> once(session, facts))
                  .map(second -> judged(target, known, second, histories));
        });
  }

  /**
   * Looks once more in the same check, right behind {@link #look}: is anybody at work by now?
   *
   * <p>Completes with what is seen, held against that look; fails as the queries fail. What is
   * remembered of the target stays.
   */
  public Future<LockSight> again(
      PgConnection session, Target target, LockPlaces places, Set<String> histories) {
    return once(session, places.facts())
        .map(now -> {
          Remembered known =
              Optional.ofNullable(before.get(target.name()))
                  .orElseGet(() -> Remembered.of(now.sessions(), now.rows()));
          return sight(target, known, known.after(now.sessions(), now.rows()), now, histories);
        });
  }

  private static Future<Look> once(PgConnection session, LockFacts facts) {
    return LockLook.quiet(session, facts)
        .compose(quiet ->
            quiet
                .map(look -> rows(session, facts, look))
                .orElseGet(() -> thoroughly(session, facts)));
  }

  // A lock row is judged by the sessions that are there.
  private static Future<Look> rows(PgConnection session, LockFacts facts, LockLook quiet) {
    return LockRows.read(session, facts, quiet)
        .compose(rows ->
            rows.equals(LockRows.NONE)
                ? Future.succeededFuture(new Look(quiet, rows))
                : thoroughly(session, facts));
  }

  private static Future<Look> thoroughly(PgConnection session, LockFacts facts) {
    return LockLook.take(session, facts, MOST_LOCKS)
        .compose(look -> LockRows.read(session, facts, look).map(rows -> new Look(look, rows)));
  }

  private LockSight judged(Target target, Remembered known, Look now, Set<String> histories) {
    Remembered kept = known.after(now.sessions(), now.rows());
    before.put(target.name(), kept);
    return sight(target, known, kept, now, histories);
  }

  private LockSight sight(
      Target target, Remembered known, Remembered kept, Look now, Set<String> histories) {
    Looks looks =
        new Looks(known.holding(), now.sessions(), known.rows(), now.rows().held(), kept.pooled());
    LockLimits limits = new LockLimits(pause, target.deadlines().idle());
    return new LockSights(looks, limits, kept.patience()).sight(histories, now.rows().unread());
  }
}
