package dev.pgmedic.replay;

import io.vertx.core.Future;

/** Brings a scratch database from one version to the next. */
interface Runner {

  /**
   * Does what has to be done before the first version. Fails with {@link ReplayFailed} when nothing
   * may be run.
   */
  Future<Void> prepare();

  /** Runs one migration. Fails with {@link ReplayFailed}, which says what it said. */
  Future<Void> run(Course.Leg leg);
}
