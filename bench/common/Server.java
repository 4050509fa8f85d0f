import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The server that everything is measured on, and a session of our own in it. */
final class Server {

  static final Duration LIMIT = Duration.ofSeconds(5);
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String OTHERS =
      """
      SELECT count(*)::text FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND datname = current_database()
        AND pid <> pg_backend_pid()
      """;

  private final Vertx vertx;
  private final String address;
  private final PgConnection own;

  /**
   * Connects.
   *
   * @param address its URL without a database
   */
  Server(Vertx vertx, String address) {
    this.vertx = vertx;
    this.address = address;
    this.own = connect("postgres");
  }

  Vertx vertx() {
    return vertx;
  }

  PostgresUrl url() {
    return url("postgres");
  }

  PostgresUrl url(String database) {
    return PostgresUrl.parse(address + "/" + database);
  }

  /** An empty database. */
  PostgresUrl create(String database) {
    own.query("CREATE DATABASE " + database).execute().await();
    return url(database);
  }

  /** Another session in the database that commands are measured in, which the caller closes. */
  PgConnection connect() {
    return connect("postgres");
  }

  /** A session in a database, which the caller closes. */
  PgConnection connect(String database) {
    Session.Settings settings = new Session.Settings("bench", LIMIT, PATIENCE, PATIENCE, false);
    return PgConnection.connect(vertx, Session.options(url(database), settings)).await();
  }

  /** The first column of a query's only row. */
  String ask(String sql) {
    return own.query(sql).execute().await().iterator().next().getString(0);
  }

  /** Waits until so many sessions but our own are in the database. */
  void untilSessions(int expected) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!ask(OTHERS).equals(Integer.toString(expected))) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited in vain for " + expected + " sessions");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
