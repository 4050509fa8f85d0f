package dev.pgmedic.lock;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;

/**
 * Makes the server notice that the client of a session is gone: within a statement by looking at
 * the socket, otherwise by TCP. Without it a lock outlives a machine that lost its power by more
 * than two hours.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-connection.html">Connection
 *     settings</a>
 */
final class Hardening {

  private static final String TCP =
      """
      SELECT pg_catalog.set_config('tcp_keepalives_idle', '5', false),
             pg_catalog.set_config('tcp_keepalives_interval', '2', false),
             pg_catalog.set_config('tcp_keepalives_count', '3', false),
             pg_catalog.set_config('tcp_user_timeout', '10s', false)
      """;

  private static final String CLIENT =
      "SELECT pg_catalog.set_config('client_connection_check_interval', '1s', false)";

  private Hardening() {}

  /**
   * Sets both on this session. Completes with whether the server looks at sockets: PostgreSQL does
   * on Linux and macOS, from 14 on. Never fails: what a server does not support it does without.
   */
  static Future<Boolean> apply(PgConnection session) {
    return session
        .query(TCP)
        .execute()
        .transform(tcp ->
            session
                .query(CLIENT)
                .execute()
                .transform(client -> Future.succeededFuture(client.succeeded())));
  }
}
