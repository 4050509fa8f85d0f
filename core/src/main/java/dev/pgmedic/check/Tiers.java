package dev.pgmedic.check;

import dev.pgmedic.check.Looker.Glanced;
import dev.pgmedic.check.Looker.Observed;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.lock.TableHolder;
import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One check on one session: a glance, and a look at the whole schema when the glance calls it. */
final class Tiers {

  private static final Duration WHO = Duration.ofSeconds(1);
  // A schema that changes all the time is told as it was seen last.
  private static final int LOOKS = 3;

  private final Target target;
  private final Session session;
  private final Looker looker;
  private final Judge judge;
  private final Turnstile schemas;

  Tiers(Target target, Session session, Looker looker, Judge judge, Turnstile schemas) {
    this.schemas = schemas;
    this.target = target;
    this.session = session;
    this.looker = looker;
    this.judge = judge;
  }

  /**
   * Looks, and closes the session. Fails with {@link Unreachable} when nothing was seen, or as the
   * gate or the lookup of known-good fail.
   *
   * @param gate whether to look at all at what answers
   */
  Future<Look> look(Function<Arrival, Future<Arrival>> gate, Optional<LastLook> before) {
    return within(Arrival.at(session.connection()))
        .compose(gate)
        .compose(arrival ->
            before
                .filter(last -> last.isOf(arrival.identity()))
                .map(last -> glance(arrival, last))
                .orElseGet(() -> whole(arrival)))
        .eventually(session::close);
  }

  private Future<Look> glance(Arrival arrival, LastLook before) {
    return within(looker.glance(arrival, before))
        .compose(seen ->
            judge.callsForMore(seen, before)
                ? whole(arrival).recover(error -> without(seen, error))
                : Future.succeededFuture(judge.glanced(seen.glance(), seen.memory())));
  }

  // A schema may be large: few are read at once, and each has a deadline of its own.
  private Future<Observed> schema(Arrival arrival) {
    return schemas.through(() -> within(looker.observe(arrival)));
  }

  private Future<Look> whole(Arrival arrival) {
    return whole(arrival, LOOKS);
  }

  // The locks and the history were read behind the schema: what a migration that ended in between
  // made of it is no fault.
  private Future<Look> whole(Arrival arrival, int left) {
    return schema(arrival)
        .compose(judge::observed)
        .compose(look ->
            left == 1 || Unsettled.in(look.diagnosis()).isEmpty()
                ? surrounded(arrival, look)
                : within(looker.stamp(arrival))
                    .compose(now ->
                        isOf(look, now) ? surrounded(arrival, look) : whole(arrival, left - 1)));
  }

  private static boolean isOf(Look look, String stamp) {
    return look.diagnosis().observation().flatMap(Observation::stamp).equals(Optional.of(stamp));
  }

  // Whoever asks for a plan is told when nobody could see that; what was found holds.
  private Future<Look> surrounded(Arrival arrival, Look look) {
    Set<String> drifted = Drifted.objects(look.diagnosis());
    return drifted.isEmpty()
        ? Future.succeededFuture(look)
        : schemas
            .through(() -> within(looker.dependences(arrival, drifted)))
            .map(look::surrounded)
            .otherwise(look);
  }

  // What the glance saw holds, and so does what was known of the schema before.
  private Future<Look> without(Glanced seen, Throwable error) {
    return error instanceof Unreachable lost
        ? Future.succeededFuture(judge.glanced(seen.glance(), seen.memory(), lost))
        : Future.failedFuture(error);
  }

  private <T> Future<T> within(Future<T> work) {
    return within(target, session.connection(), "the check", work);
  }

  /**
   * Bounds work on a target by its check deadline. Fails with {@link Unreachable}, or with {@link
   * WrongServer} as the work does.
   */
  static <T> Future<T> within(Target target, PgConnection session, String step, Future<T> work) {
    return Deadline.within(target.deadlines().check(), step, work, session::cancelRequest)
        .recover(error ->
            error instanceof WrongServer
                ? Future.failedFuture(error)
                : lost(session, Unreachable.querying(target.url(), error)));
  }

  // Whoever holds a lock on a catalog keeps more than a check waiting.
  private static <T> Future<T> lost(PgConnection session, Unreachable error) {
    return error.isOfALock()
        ? Deadline.within(WHO, "asking who holds it", TableHolder.ofCatalogs(session))
            .otherwise(Optional.empty())
            .compose(who -> Future.failedFuture(who.map(error::heldUpBy).orElse(error)))
        : Future.failedFuture(error);
  }
}
