package dev.pgmedic.check;

import dev.pgmedic.check.Looker.Observed;
import dev.pgmedic.lock.LockWatch;
import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks at a target once: one connection, read-only, no lock on a user's relation, and deadlines.
 * There are two tiers. A glance sees locks, the history and whether the schema changed since the
 * look before; only a change pays for a look at the whole schema, which has a deadline of its own
 * and is not taken while a migration is at work.
 */
public final class DatabaseCheck {

  // Each may be tens of megabytes while it is compared.
  private static final int SCHEMAS_AT_ONCE = 4;

  private final Vertx vertx;
  private final Clock clock;
  private final Duration lockPause;
  private final LockWatch locks;
  private final Turnstile schemas = new Turnstile(SCHEMAS_AT_ONCE);

  /**
   * A check.
   *
   * @param lockPause the longest that the heart of a migration lock may pause before its holder
   *     counts as orphaned
   */
  public DatabaseCheck(Vertx vertx, Clock clock, Duration lockPause) {
    this.vertx = vertx;
    this.clock = clock;
    this.lockPause = lockPause;
    this.locks = new LockWatch(vertx, lockPause);
  }

  /** As {@link #run(Target, KnownGoodLookup, Optional)}, with nothing remembered. */
  public Future<Diagnosis> run(Target target, KnownGoodLookup knownGood) {
    return run(target, knownGood, Optional.empty()).map(Look::diagnosis);
  }

  /**
   * Looks and judges. Without a memory of the look before, it looks at the whole schema.
   *
   * <p>Completes with a diagnosis: a target that cannot be reached, that hangs or that drops the
   * connection is a finding with the stage that failed, at the latest after the target's connect
   * deadline and twice its check deadline, once for each tier. Fails only as the lookup of
   * known-good fails. Reads only.
   *
   * @param before what the look before left; known-good must be the same as it was then
   */
  public Future<Look> run(Target target, KnownGoodLookup knownGood, Optional<LastLook> before) {
    Judge judge = new Judge(target, knownGood, clock);
    boolean pooled = before.map(last -> !last.direct()).orElse(false);
    return (pooled ? throughPooler(target, judge, before) : directly(target, judge, before))
        .recover(error ->
            error instanceof Unreachable lost
                ? Future.succeededFuture(judge.unseen(lost, before))
                : Future.failedFuture(error))
        .compose(look -> new HalfVersions(vertx).told(target, look))
        .compose(look -> new NamedAgain(vertx).named(target, look));
  }

  private Future<Look> directly(Target target, Judge judge, Optional<LastLook> before) {
    return Session.open(vertx, target.url(), settings(target))
        .compose(session -> tiers(target, session, judge).look(Arrival::orRefuse, before))
        .recover(error ->
            error instanceof WrongServer
                    || (error instanceof Unreachable refused && refused.isOfAPooler())
                ? throughPooler(target, judge, before)
                : Future.failedFuture(error));
  }

  private Future<Look> throughPooler(Target target, Judge judge, Optional<LastLook> before) {
    return Session.openPooled(vertx, target.url(), settings(target))
        .compose(session -> tiers(target, session, judge).look(Future::succeededFuture, before));
  }

  private Tiers tiers(Target target, Session session, Judge judge) {
    return new Tiers(target, session, looker(target, session), judge, schemas);
  }

  /** The longest that the heart of a migration lock may pause. */
  public Duration lockPause() {
    return lockPause;
  }

  /**
   * Whether sessions are at work in the target beside checks, for a while already. Completes with
   * true also when that cannot be seen, at the latest after the target's connect and check
   * deadlines. Reads only.
   */
  public Future<Boolean> isAtWork(Target target) {
    return Session.openPooled(vertx, target.url(), settings(target)) // one statement needs no more
        .compose(session ->
            Tiers.within(
                    target,
                    session.connection(),
                    "the look at sessions",
                    Work.isSeen(session.connection()))
                .eventually(session::close))
        .otherwise(true);
  }

  /**
   * Looks and judges nothing.
   *
   * <p>Completes with what is there; fails with {@link Unreachable} at the latest after the
   * target's connect and check deadlines. Reads only.
   */
  public Future<Observation> observe(Target target) {
    return observe(target, Future::succeededFuture);
  }

  /**
   * As {@link #observe}, but also fails, with {@link WrongServer}, when a pooler answers in the
   * server's place: what it says could come from anywhere.
   */
  public Future<Observation> observeDirectly(Target target) {
    return observe(target, Arrival::orRefuse).recover(WrongServer::orAsItIs);
  }

  private Future<Observation> observe(Target target, Function<Arrival, Future<Arrival>> gate) {
    return Session.open(vertx, target.url(), settings(target))
        .compose(session -> {
          PgConnection connection = session.connection();
          return Tiers.within(
                  target,
                  connection,
                  "the check",
                  Arrival.at(connection).compose(gate).compose(looker(target, session)::observe))
              .map(Observed::observation)
              .eventually(session::close);
        });
  }

  private Looker looker(Target target, Session session) {
    return new Looker(
        new Looker.Means(vertx, clock, lockPause, locks), target, session.connection());
  }

  private static Session.Settings settings(Target target) {
    return new Session.Settings(
        "pgmedic-check",
        target.deadlines().connect(),
        target.deadlines().check(),
        Looker.LOCK_WAIT,
        true);
  }
}
