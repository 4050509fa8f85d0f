package dev.pgmedic.postgres;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One direct session with a PostgreSQL server, whose name and limits are set before its first
 * statement. It is a pool of one, because only a pool takes options of the socket.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-client.html">Client
 *     settings</a>
 */
public final class Session {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);
  private static final int WAIT_QUEUE = 500;
  private static final Duration IDLE_MARGIN = Duration.ofSeconds(10);

  // The statement under way, or else the next one, fails with it. Without a handler the driver
  // prints it, with its stack.
  private static final Handler<Throwable> TOLD_BY_STATEMENTS = lost -> {};

  // What a client may bring along without PgBouncer refusing it.
  private static final Map<String, String> PLAIN =
      Map.of("client_encoding", "utf-8", "DateStyle", "ISO");

  private final Pool pool;
  private final PgConnection connection;

  private Session(Pool pool, PgConnection connection) {
    this.pool = pool;
    this.connection = connection;
  }

  /**
   * What a session is called and how long the server lets it work.
   *
   * @param applicationName how {@code pg_stat_activity} shows it; at most 63 characters
   * @param connect how long it may take until the session is logged in
   * @param statement the server's {@code statement_timeout}; more than zero. A transaction that is
   *     left idle for half of it, and for 5 s, is ended with its session
   * @param lock the server's {@code lock_timeout}; zero means none
   * @param readOnly whether the server refuses every write
   */
  public record Settings(
      String applicationName,
      Duration connect,
      Duration statement,
      Duration lock,
      boolean readOnly) {

    /** A session for a short errand that may write. */
    public static Settings errand(String applicationName, Deadlines deadlines) {
      return new Settings(
          applicationName, deadlines.connect(), deadlines.check(), deadlines.connect(), false);
    }
  }

  /**
   * Opens a session.
   *
   * <p>Completes with a session that the caller closes; fails with {@link Unreachable}, which names
   * the stage that failed, at the latest after {@code settings.connect()}. A connection that comes
   * later than that is closed.
   */
  public static Future<Session> open(Vertx vertx, PostgresUrl url, Settings settings) {
    return open(vertx, url, settings, options(url, settings));
  }

  /**
   * As {@link #open}, through a pooler that takes none of our settings and gives each transaction
   * another session: whoever needs a setting says so in each transaction, with {@code SET LOCAL}.
   */
  public static Future<Session> openPooled(Vertx vertx, PostgresUrl url, Settings settings) {
    Map<String, String> plain = new HashMap<>(PLAIN);
    plain.put("application_name", settings.applicationName());
    PgConnectOptions options = options(url, settings).setUseLayer7Proxy(true);
    options.setProperties(plain);
    return open(vertx, url, settings, options);
  }

  private static Future<Session> open(
      Vertx vertx, PostgresUrl url, Settings settings, PgConnectOptions options) {
    // Our own limit is the only one: the pool's timer throws when it fires after a failure.
    PoolOptions one = new PoolOptions().setMaxSize(1).setConnectionTimeout(0);
    Pool pool = Unowned.make(vertx, () -> pool(vertx, settings, options, one));
    return Deadline.within(
            settings.connect(),
            "connecting",
            Encryption.ready(vertx, url).compose(ready -> pool.getConnection()))
        .map(connection ->
            new Session(pool, PgConnection.cast(connection).exceptionHandler(TOLD_BY_STATEMENTS)))
        .recover(error -> {
          // A server that hangs in the login holds this up until the idle timeout ends the socket.
          pool.close().onFailure(ignored -> {});
          return Future.failedFuture(Unreachable.connecting(url, Encryption.told(url, error)));
        });
  }

  /** A pool of sessions with these settings; the caller closes it. */
  public static Pool pool(Vertx vertx, PostgresUrl url, Settings settings, int size) {
    return pool(vertx, settings, options(url, settings), size);
  }

  /**
   * As {@link #pool(Vertx, PostgresUrl, Settings, int)}, where each session has the server parse
   * and plan these statements once: they cost one round trip then instead of two.
   *
   * @param often statements whose columns are named one by one, or a table that gets another column
   *     makes them fail
   */
  public static Pool pool(
      Vertx vertx, PostgresUrl url, Settings settings, int size, Set<String> often) {
    PgConnectOptions options =
        options(url, settings)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlFilter(often::contains);
    return pool(vertx, settings, options, size);
  }

  private static Pool pool(Vertx vertx, Settings settings, PgConnectOptions options, int size) {
    return pool(
        vertx,
        settings,
        options,
        new PoolOptions()
            .setMaxSize(size)
            .setMaxWaitQueueSize(WAIT_QUEUE)
            // Before the socket's own: the pool must not hand out a session that is being ended.
            .setIdleTimeout((int) settings.statement().toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setConnectionTimeout((int) settings.connect().toMillis())
            .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS));
  }

  private static Pool pool(
      Vertx vertx, Settings settings, PgConnectOptions options, PoolOptions poolOptions) {
    int connectMillis = (int) Math.max(1, settings.connect().toMillis() * 9 / 10);
    return PgBuilder.pool()
        .with(poolOptions)
        .with(
            new NetClientOptions()
                .setConnectTimeout(connectMillis)
                .setTcpKeepAlive(true)
                // Ends a socket whose server hangs: longer than any statement may last.
                .setIdleTimeout((int) settings.statement().plus(IDLE_MARGIN).toSeconds()))
        .connectingTo(options)
        .using(vertx)
        .build();
  }

  /** The options of a connection for this URL. */
  public static PgConnectOptions options(PostgresUrl url, Settings settings) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(url.host())
            .setPort(url.port())
            .setDatabase(url.database())
            .setUser(url.user())
            .setPassword(url.password().orElse(""));
    options.setProperties(properties(url, settings));
    Encryption.apply(url, options);
    return options;
  }

  private static Map<String, String> properties(PostgresUrl url, Settings settings) {
    Map<String, String> properties = new HashMap<>();
    properties.put("application_name", settings.applicationName());
    properties.put("search_path", url.parameters().getOrDefault("search_path", "pg_catalog"));
    properties.put("statement_timeout", Long.toString(settings.statement().toMillis()));
    properties.put("lock_timeout", Long.toString(settings.lock().toMillis()));
    properties.put("idle_in_transaction_session_timeout", Long.toString(pause(settings)));
    properties.put("DateStyle", "ISO");
    properties.put("client_encoding", "utf-8");
    properties.put("extra_float_digits", "2");
    // Compiling a query of the catalog takes many times as long as running it.
    properties.put("jit", "off");
    if (settings.readOnly()) {
      properties.put("default_transaction_read_only", "on");
    }
    return properties;
  }

  // A process that is paused between two statements of a transaction must not hold its locks for
  // ever. Half of a statement's time, so that who waits for them gets them before it gives up.
  private static long pause(Settings settings) {
    return Math.max(SHORTEST_PAUSE.toMillis(), settings.statement().toMillis() / 2);
  }

  /** Where statements run, one after the other. */
  public PgConnection connection() {
    return connection;
  }

  /**
   * Closes the session. Completes when it is closed or 2 s have passed, and never fails: a server
   * that hangs does not hold its caller up, and the idle timeout ends the socket.
   */
  public Future<Void> close() {
    return Deadline.within(CLOSE_LIMIT, "closing", closed()).otherwiseEmpty();
  }

  private Future<Void> closed() {
    return connection.close().transform(returned -> pool.close());
  }
}
