package dev.pgmedic.replay;

import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;

/**
 * Where scratch databases are made: a PostgreSQL server that holds nothing that anybody needs, and
 * that is no server of a target.
 */
@FunctionalInterface
public interface Scratch {

  /** Starts such a server, or gives one that runs. Fails when there is none to be had. */
  Future<Place> open();

  /** A running server. The caller closes it. */
  interface Place {

    /** A database of it, for a role that may make roles and databases. */
    PostgresUrl url();

    /** Gives it back, once however often it is called. Completes when it has ended; never fails. */
    Future<Void> close();
  }
}
