package dev.pgmedic.doctor;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.function.Function;

/** What is looked at on a session, one thing after the other. */
interface Rounds {

  /** The looks, in order; each completes with what it found, or fails. */
  List<Look> looks();

  /** Whether what it is for works through a pooler too. */
  default boolean takesAPooler() {
    return false;
  }

  /** What is told of a session that comes through a pooler. */
  Probe pooled();

  /** What is told of a session on a standby. */
  Probe standby();

  /**
   * One look.
   *
   * @param name what a failure of it is called
   * @param with looks
   */
  record Look(String name, Function<PgConnection, Future<List<Probe>>> with) {

    static Look one(String name, Function<PgConnection, Future<Probe>> with) {
      return new Look(name, session -> with.apply(session).map(List::of));
    }
  }
}
