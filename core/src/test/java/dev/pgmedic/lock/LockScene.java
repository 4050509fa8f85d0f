package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Replay;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;

/** A fresh database, the sessions of the tools that work in it, and an inspection of its locks. */
public final class LockScene implements AutoCloseable {

  /** As long as nothing must have happened in these tests; the looks are farther apart. */
  public static final Duration IDLE = Duration.ofMillis(150);

  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url;
  private final List<Connection> open = new ArrayList<>();

  /** A scene in a fresh database. */
  public LockScene() {
    this(TestDatabases.fresh());
  }

  /** A scene in this database. */
  public LockScene(PostgresUrl url) {
    this.url = url;
  }

  /** The database. */
  public PostgresUrl url() {
    return url;
  }

  /** A session of this name that ran these statements and now waits for its client. */
  @CanIgnoreReturnValue
  public Connection session(String application, String... statements) {
    try {
      Connection connection = TestDatabases.connect(url);
      open.add(connection);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET application_name = '" + application + "'");
      }
      run(connection, statements);
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs these statements on a session of the scene. */
  public static void run(Connection connection, String... statements) {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A session that runs a statement which does not end before the scene does. */
  @CanIgnoreReturnValue
  public Connection working(String application, String statement) {
    Connection connection = session(application);
    Thread.ofVirtual()
        .start(() -> {
          try {
            run(connection, statement);
          } catch (IllegalStateException closed) {
            // the scene ended it
          }
        });
    int pid = TestDatabases.pid(connection);
    await()
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        url, "SELECT state FROM pg_stat_activity WHERE pid = " + pid))
                .containsExactly("active"));
    return connection;
  }

  /** A session that stands in the queue for a lock. */
  @CanIgnoreReturnValue
  public Connection queued(String application, String statement) {
    Connection connection = working(application, statement);
    int pid = TestDatabases.pid(connection);
    await()
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        url, "SELECT 1 FROM pg_locks WHERE NOT granted AND pid = " + pid))
                .isNotEmpty());
    return connection;
  }

  /** What is seen when nothing must have happened for {@link #IDLE}. */
  LockReport look() {
    return look(url, new LockLimits(MigrationLock.LONGEST_PAUSE, IDLE));
  }

  LockReport look(PostgresUrl as, LockLimits limits, Long... configured) {
    Migrations migrations =
        new Migrations(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            List.of(configured),
            Replay.OFF);
    Target all = Target.of("scene", as);
    Target target =
        new Target(
            all.name(),
            as,
            all.labels(),
            migrations,
            all.expect(),
            all.recovery(),
            all.checkEvery(),
            all.deadlines());
    return inspect(target, limits, Optional.empty());
  }

  LockReport lookThrough(PostgresUrl pooler) {
    return inspect(
        Target.of("scene", url),
        new LockLimits(MigrationLock.LONGEST_PAUSE, IDLE),
        Optional.of(pooler));
  }

  private LockReport inspect(Target target, LockLimits limits, Optional<PostgresUrl> pooler) {
    return new LockInspection(vertx, new LockInspection.Options(BETWEEN, limits, pooler))
        .run(target)
        .await();
  }

  /** An inspection that pauses this long between its looks. */
  Future<LockReport> looking(Duration between) {
    LockInspection.Options options =
        new LockInspection.Options(between, LockLimits.DEFAULT, Optional.empty());
    return new LockInspection(vertx, options).run(Target.of("scene", url));
  }

  /** What whoever merely wants the migration lock sees. */
  List<AdvisoryLock> advisory() {
    Session.Settings settings =
        new Session.Settings("scene", BETWEEN.multipliedBy(20), IDLE.multipliedBy(20), IDLE, true);
    return Session.open(vertx, url, settings)
        .compose(session ->
            AdvisoryLocks.read(session.connection(), List.of()).eventually(session::close))
        .await();
  }

  /** The only lock that is seen. */
  Entry onlyLock() {
    LockReport report = look();
    assertThat(report.locks()).hasSize(1);
    return report.locks().get(0);
  }

  @Override
  public void close() {
    for (Connection connection : open) {
      try {
        // A server does not see that a client is gone before its statement ends.
        if (!connection.isClosed()) {
          connection.unwrap(PGConnection.class).cancelQuery();
        }
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    vertx.close().await();
  }
}
