package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.embedded.EmbeddedServer;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PgBouncer;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What guard cannot work with: it says so in one line and with its exit code, starts nothing, and
 * leaves no lock behind.
 */
@Timeout(120)
class GuardRefusalsTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ALL_OF_OURS =
      "extra_float_digits search_path statement_timeout lock_timeout default_transaction_read_only";

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "session, extra_float_digits",
    "transaction, extra_float_digits",
    "session, " + ALL_OF_OURS,
    "transaction, " + ALL_OF_OURS
  })
  void aPoolerIsRefusedByTheNameOfTheVariableThatHelps(String mode, String ignored)
      throws Exception {
    assumeThat(PgBouncer.program())
        .as("PgBouncer is not installed here (Debian's package is called pgbouncer)")
        .isPresent();
    // Given
    PgBouncer.Settings settings = new PgBouncer.Settings(mode, List.of(ignored.split(" ", -1)));
    try (PgBouncer pooler = PgBouncer.inFrontOf(url, settings)) {
      assertThat(TestDatabases.query(pooler.url(), "SELECT 1")).containsExactly("1");

      // When
      GuardProcess guard = marking(pooler.url(), "--wait", "5s");

      // Then
      assertRefused(guard, Pgmedic.USAGE, "a proxy stands between us", "DIRECT_URL");
    }
  }

  @Test
  void aRoleThatMayNotConnectIsToldWhere() throws Exception {
    // Given
    String role = TestDatabases.role(url);
    TestDatabases.run(url, "REVOKE CONNECT ON DATABASE " + url.database() + " FROM PUBLIC");

    // When
    GuardProcess guard = marking(TestDatabases.as(url, role), "--wait", "30s");

    // Then
    assertRefused(guard, Pgmedic.UNREACHABLE, "failed at login: permission denied for database");
  }

  @ParameterizedTest
  @CsvSource({"pg_try_advisory_lock", "pg_advisory_unlock"})
  void aRoleThatMayNotLockIsToldWhichRightItLacks(String function) throws Exception {
    // Given
    String role = TestDatabases.role(url);
    TestDatabases.run(url, "REVOKE EXECUTE ON FUNCTION " + function + "(bigint) FROM PUBLIC");

    // When
    GuardProcess guard = marking(TestDatabases.as(url, role), "--wait", "30s");

    // Then
    assertRefused(
        guard,
        Pgmedic.USAGE,
        "this role may not take the migration lock: permission denied for function " + function,
        "may EXECUTE");
  }

  @Test
  void aRoleThatMayNotSeeOtherSessionsStillLearnsWhoHoldsTheLock() throws Exception {
    // Given
    String role = TestDatabases.role(url);
    try (Connection holder = TestDatabases.connect(url)) {
      hold(holder, "deploy-42");

      // When
      GuardProcess guard = marking(TestDatabases.as(url, role), "--wait", "0s");

      // Then
      assertThat(guard.exit()).isEqualTo(Pgmedic.LOCKED);
      assertThat(guard.err().lines())
          .singleElement()
          .asString()
          .contains("held by session " + TestDatabases.pid(holder))
          .contains("application_name \"deploy-42\"")
          .contains("state not to be seen", "verdict: unknown", "GRANT pg_monitor");
      assertThat(folder.resolve("ran")).doesNotExist();
    }
    assertThat(marking(TestDatabases.as(url, role)).exit()).isZero();
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  @Test
  void aDatabaseOrAHostThatDoesNotExistIsUnreachable() throws Exception {
    // When
    GuardProcess noDatabase = marking(url.withDatabase("no_such_database"), "--wait", "30s");
    assertRefused(
        noDatabase, Pgmedic.UNREACHABLE, "database \"no_such_database\" does not exist", "login");
    GuardProcess noHost =
        marking(PostgresUrl.parse("postgresql://me@no-such-host.invalid/shop"), "--wait", "0s");

    // Then
    assertRefused(noHost, Pgmedic.UNREACHABLE, "no-such-host.invalid", "failed at dns");
  }

  @Test
  void aStandbyIsRefusedAndSoIsAWrongPassword() throws Exception {
    // Given
    Path store = folder.resolve("server");
    EmbeddedServer.open(store).close();
    Files.createFile(store.resolve("postgres/standby.signal"));
    try (EmbeddedServer standby = EmbeddedServer.open(store)) {
      PostgresUrl there = standby.url("postgres");

      // When
      GuardProcess guard = marking(there, "--wait", "30s");
      assertRefused(guard, Pgmedic.USAGE, "a read-only standby", "expected the primary");
      GuardProcess wrong =
          marking(there.withPassword(Optional.of("not this one")), "--wait", "30s");

      // Then
      assertRefused(wrong, Pgmedic.UNREACHABLE, "password authentication failed");
      assertThat(wrong.err()).doesNotContain("not this one", "not%20this%20one");
      assertThat(TestDatabases.advisoryLocks(there)).isEmpty();
    }
  }

  @Test
  void aServerThatIsStillStartingIsWaitedFor() throws Exception {
    // Given: a server that replays its log until we let it
    Path data = folder.resolve("server/postgres");
    EmbeddedServer.open(data.getParent()).close();
    Files.createFile(data.resolve("recovery.signal"));
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "restore_command = 'until [ -e go ]; do sleep 0.1; done; false'\n",
        StandardOpenOption.APPEND);
    FutureTask<EmbeddedServer> starting =
        new FutureTask<>(() -> EmbeddedServer.open(data.getParent()));
    Thread.ofVirtual().start(starting);
    open.add(() -> starting.get().close());
    PostgresUrl there = starting(data);

    // When
    GuardProcess impatient = marking(there, "--wait", "0s");
    assertRefused(impatient, Pgmedic.UNREACHABLE, "failed at login", "starting up");
    GuardProcess patient = marking(there, "--wait", "50s");
    await().atMost(SOON).until(() -> patient.err().contains("starting up"));
    assertThat(folder.resolve("ran")).doesNotExist();
    Files.createFile(data.resolve("go"));

    // Then
    assertThat(patient.exit()).as(patient.err()).isZero();
    assertThat(patient.err().lines())
        .allMatch(line -> line.startsWith("pgmedic: waiting for the database ("));
    assertThat(folder.resolve("ran")).exists();
    assertThat(TestDatabases.advisoryLocks(starting.get().url("postgres"))).isEmpty();
  }

  /** Where a server will listen that does not say that it is ready yet. */
  private static PostgresUrl starting(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> Files.readAllLines(file).get(7).startsWith("starting"));
    return new PostgresUrl(
        "127.0.0.1",
        Integer.parseInt(Files.readAllLines(file).get(3)),
        "postgres",
        "postgres",
        Optional.of(Files.readString(data.resolveSibling("postgres.password")).strip()),
        Map.of());
  }

  @Test
  void aWaitOfZeroRunsTheCommandWhenNobodyHoldsTheLock() throws Exception {
    // When
    GuardProcess guard = marking(url, "--wait", "0s");

    // Then
    assertThat(guard.exit()).isZero();
    assertThat(guard.err()).isEmpty();
    assertThat(folder.resolve("ran")).exists();
  }

  @Test
  void aWaitInVainNamesAllOfTheHolderButNoLiteral() throws Exception {
    try (Connection holder = TestDatabases.connect(url)) {
      // Given
      hold(holder, "deploy-42");
      int pid = TestDatabases.pid(holder);
      Thread.ofVirtual().start(() -> sleep(holder));
      await().atMost(SOON).until(() -> state(pid).equals(List.of("active")));

      // When
      GuardProcess guard = marking(url, "--wait", "1s");

      // Then
      assertThat(guard.exit()).isEqualTo(Pgmedic.LOCKED);
      assertThat(guard.lastLine())
          .startsWith(
              "pgmedic: the migration lock is held by session "
                  + pid
                  + ", application_name \"deploy-42\"")
          .containsPattern(
              ", begun [0-9.]+m?s ago, active for [0-9.]+m?s, waits for Timeout:PgSleep")
          .contains("its statement: SELECT pg_sleep(?), ? AS password")
          .contains("; verdict: live (", "its heart beats when that ends");
      assertThat(guard.err()).doesNotContain("hunter2", "4711");
      assertThat(folder.resolve("ran")).doesNotExist();
      TestDatabases.run(url, "SELECT pg_terminate_backend(" + pid + ", 5000)");
    }
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  private static void sleep(Connection holder) {
    try (Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_sleep(4711), 'hunter2' AS password");
    } catch (SQLException ended) {
      // by the test
    }
  }

  private List<String> state(int pid) {
    return TestDatabases.query(
        url, "SELECT state FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " + pid);
  }

  private void hold(Connection connection, String application) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET application_name = '" + application + "'");
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
    }
  }

  /** A guard whose command leaves a mark when it runs. */
  private GuardProcess marking(PostgresUrl where, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--", "touch", "ran"));
    GuardProcess guard = GuardProcess.start(folder, where, all.toArray(String[]::new));
    open.add(guard);
    return guard;
  }

  private void assertRefused(GuardProcess guard, int code, String... words) throws Exception {
    guard.assertRefused(code, words);
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }
}
