import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Commits events as the store does, one after the other. */
final class Writer {

  private static final String APPEND =
      """
      WITH head AS (UPDATE pgmedic.event_head SET last = last + 1 RETURNING last),
      woken AS (SELECT pg_notify('pgmedic_event', ''))
      INSERT INTO pgmedic.event (sequence, type, target, subject, data)
      SELECT last, 'issue.updated', 'shop', 'bench',
             jsonb_build_object('n', $1::int8, 'message', repeat('m', 300))
      FROM head, woken
      """;

  private final PgConnection connection;
  private long written;

  Writer(Vertx vertx, PostgresUrl store) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(store.host())
            .setPort(store.port())
            .setDatabase(store.database())
            .setUser(store.user());
    connection = PgConnection.connect(vertx, options).await();
  }

  /**
   * Writes events and waits until every reader has the last.
   *
   * @return for each reader and event the time from the moment that the commit was asked for, in
   *     milliseconds
   */
  Sample write(Subscribers readers, int events, long pauseMillis) {
    readers.expect(written + 1, events);
    for (int i = 0; i < events; i++) {
      written++;
      connection.query("BEGIN").execute().await();
      connection.preparedQuery(APPEND).execute(Tuple.of(written)).await();
      readers.sent(written);
      connection.query("COMMIT").execute().await();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
    return readers.millis();
  }
}
