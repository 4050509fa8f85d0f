package dev.pgmedic.lock;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;

/**
 * What answers under the URL is not a server on which the migration lock protects anything: a
 * pooler, or a standby.
 */
public final class WrongServer extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private WrongServer(String message) {
    super(message);
  }

  /** A pooler, or another proxy that keeps the server's sessions for itself. */
  public static WrongServer proxy() {
    return new WrongServer(
        "a proxy stands between us and PostgreSQL, where a lock of ours could stay behind; expected"
            + " a direct connection: name it in DIRECT_URL, in --url or in the target's"
            + " recovery.url");
  }

  /**
   * The failure of an attempt to connect, as {@link #proxy} when it was a PgBouncer that failed it:
   * it refuses what it cannot keep apart for its clients, before any query can be sent.
   */
  public static <T> Future<T> orAsItIs(Throwable error) {
    return error.getCause() instanceof PgException refused
            && String.valueOf(refused.getErrorMessage()).contains("unsupported startup parameter")
        ? Future.failedFuture(proxy())
        : Future.failedFuture(error);
  }

  static WrongServer standby() {
    return new WrongServer(
        "this server is a read-only standby, where no migration can run and a lock keeps nobody"
            + " out; expected the primary");
  }

  static WrongServer forbidden(String reason) {
    return new WrongServer(
        "this role may not take the migration lock: "
            + reason
            + "; expected a role that may EXECUTE pg_try_advisory_lock and pg_advisory_unlock");
  }
}
