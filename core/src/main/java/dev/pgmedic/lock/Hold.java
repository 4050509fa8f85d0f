package dev.pgmedic.lock;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.Map;

/**
 * The migration lock of a database while work is done under it: our own, or that of the process
 * that started us.
 */
public sealed interface Hold permits HeldLock, BorrowedLock {

  /** Names the variable that tells a command under whose lock it runs. */
  String VARIABLE = "PGMEDIC_LOCK";

  /** A session in the database; for our own lock it is the one that holds it. */
  PgConnection session();

  /** Whose lock it is. */
  MigrationLock.Run run();

  /**
   * Completes with the reason once the lock is held no more, or once the server has not answered
   * for {@link MigrationLock#SILENCE}, after which nobody can say that it is. Meant for work that
   * runs elsewhere: a long statement on {@link #session()} is silence too. Never fails, and never
   * completes while all is well.
   */
  Future<String> loss();

  /**
   * Whether the server watches the clients of its statements, so that a session can be told to end
   * its statement when its client is gone ({@code client_connection_check_interval}).
   */
  boolean noticesDeadClients();

  /** What a command needs in its environment to know and to show under whose lock it runs. */
  Map<String, String> environment();

  /** Gives back what was taken and closes our session. */
  Future<Void> release();

  /** Closes our session at once, whatever runs on it. Never fails. */
  Future<Void> abandon();
}
