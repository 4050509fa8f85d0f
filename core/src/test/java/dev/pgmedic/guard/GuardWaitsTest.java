package dev.pgmedic.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.command.Streams;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.lock.LockNotAvailable;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.lock.WaitNotices;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.ProcessBuilder.Redirect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person hears while a guard waits. */
@Timeout(180)
class GuardWaitsTest {

  private static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Streams SILENT =
      new Streams(Redirect.from(new java.io.File("/dev/null")), Redirect.DISCARD, Redirect.DISCARD);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void itSaysAtOnceAndThenAgainWhoHoldsTheLock() throws SQLException {
    try (Connection holder = holder("deploy-42")) {
      // Given
      int pid = TestDatabases.pid(holder);
      long begin = System.nanoTime();

      // When
      Future<Outcome> run = guard(url, PATIENCE, EVERY).run();

      // Then
      await().atMost(LIMIT).until(() -> lines.size() >= 3);
      long most = 1 + (System.nanoTime() - begin) / EVERY.toNanos();
      assertThat(lines).hasSizeLessThanOrEqualTo((int) most);
      holder.close();
      assertThat(run.await()).isEqualTo(new Outcome.Ended(0, false));
      assertThat(lines)
          .allMatch(line -> line.startsWith("waiting for the migration lock (2"))
          .allMatch(line -> line.contains(" left), which is held by session " + pid + ", "))
          .allMatch(line -> line.contains("\"deploy-42\", of user \"postgres\" from 127.0.0.1"))
          .allMatch(line -> line.matches(".*, begun .*s ago, idle for .*its statement: SELECT .*"))
          .allMatch(line -> line.endsWith("verdict: live"));
    }
  }

  @Test
  void itSaysItOnceWhenItDoesNotWaitLong() throws SQLException {
    try (Connection holder = holder("short")) {
      // When
      Future<Outcome> run = guard(url, PATIENCE, Duration.ofMinutes(1)).run();
      await().atMost(LIMIT).until(() -> !lines.isEmpty());
      vertx.timer(EVERY.toMillis() * 3).await();
      holder.close();

      // Then
      assertThat(run.await()).isEqualTo(new Outcome.Ended(0, false));
      assertThat(lines).hasSize(1);
    }
  }

  @Test
  void itSaysNothingWhenItNeedNotWait() {
    // When
    Outcome outcome = guard(url, PATIENCE, EVERY).run().await();

    // Then
    assertThat(outcome).isEqualTo(new Outcome.Ended(0, false));
    assertThat(lines).isEmpty();
  }

  @Test
  void itSaysNothingWhenItMayNotWait() throws SQLException {
    try (Connection holder = holder("holder")) {
      // When
      Throwable error = catchThrowable(() -> guard(url, Duration.ZERO, EVERY).run().await());

      // Then
      assertThat(error)
          .isInstanceOf(LockNotAvailable.class)
          .hasMessageContaining("session " + TestDatabases.pid(holder));
      assertThat(lines).isEmpty();
    }
  }

  @Test
  void itSaysThatItWaitsForTheDatabaseAndWhy() {
    // Given
    String role = TestDatabases.role(url);
    TestDatabases.run(url, "ALTER ROLE " + role + " CONNECTION LIMIT 0");

    // When
    Future<Outcome> run = guard(TestDatabases.as(url, role), PATIENCE, EVERY).run();

    // Then
    await().atMost(LIMIT).until(() -> lines.size() >= 2);
    TestDatabases.run(url, "ALTER ROLE " + role + " CONNECTION LIMIT 5");
    assertThat(run.await()).isEqualTo(new Outcome.Ended(0, false));
    assertThat(lines)
        .allMatch(line -> line.startsWith("waiting for the database (2"))
        .allMatch(line -> line.contains("too many connections for role \"" + role + "\""));
  }

  @Test
  void itSaysWhichSessionOfAnEarlierRunItWaitsFor() throws SQLException {
    try (Connection earlier = TestDatabases.connect(url);
        Statement statement = earlier.createStatement()) {
      // Given
      statement.execute("SET application_name = 'pgmedic/earlier/1'");
      int pid = TestDatabases.pid(earlier);
      earlier.setAutoCommit(false);
      statement.execute("SELECT 'secret word'");

      // When
      Future<Outcome> run = guard(url, PATIENCE, EVERY).run();

      // Then
      await().atMost(LIMIT).until(() -> !lines.isEmpty());
      earlier.close();
      assertThat(run.await()).isEqualTo(new Outcome.Ended(0, false));
      assertThat(lines)
          .allMatch(line -> line.startsWith("the migration lock is ours, but before the work"))
          .allMatch(line -> line.contains("session " + pid + " of the earlier run"))
          .allMatch(line -> line.contains("(idle in transaction for "))
          .allMatch(line -> line.endsWith("its statement: SELECT ?)"));
    }
  }

  @Test
  void aServerThatIsLostWhileItWaitsForTheLockIsWaitedForToo() throws SQLException {
    try (Connection holder = holder("holder")) {
      // Given
      Future<Outcome> run = guard(url, PATIENCE, EVERY).run();
      await().atMost(LIMIT).until(() -> !lines.isEmpty());

      // When
      endWaiting();

      // Then
      await()
          .atMost(LIMIT)
          .untilAsserted(() ->
              assertThat(lines)
                  .anyMatch(line ->
                      line.startsWith("waiting for the database (") && line.contains("query")));
      holder.close();
      assertThat(run.await()).isEqualTo(new Outcome.Ended(0, false));
    }
  }

  @Test
  void aServerThatStaysLostIsToldAsOne() throws SQLException {
    // Given
    String role = TestDatabases.role(url);
    try (Connection holder = holder("holder")) {
      Future<Outcome> run = guard(TestDatabases.as(url, role), Duration.ofSeconds(3), EVERY).run();
      await().atMost(LIMIT).until(() -> !lines.isEmpty());

      // When
      TestDatabases.run(url, "ALTER ROLE " + role + " CONNECTION LIMIT 0");
      endWaiting();

      // Then
      assertThat(catchThrowable(run::await)).isInstanceOf(Unreachable.class);
      assertThat(holder.isValid(1)).isTrue();
    }
  }

  private void endWaiting() {
    TestDatabases.run(
        url,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'pgmedic-wait/%' AND datname = current_database()");
  }

  private Connection holder(String application) throws SQLException {
    Connection connection = TestDatabases.connect(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET application_name = '" + application + "'");
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
    }
    return connection;
  }

  private Guard guard(PostgresUrl as, Duration patience, Duration every) {
    GuardedRun run =
        new GuardedRun(
            GuardedRun.newId(),
            as,
            List.of("true"),
            new GuardedRun.Limits(patience, LIMIT, Optional.empty(), LIMIT),
            Optional.empty(),
            Surroundings.OURS,
            SILENT,
            Afterwards.NOTHING);
    return new Guard(vertx, run, Need.ALWAYS, new WaitNotices(every, lines::add));
  }
}
