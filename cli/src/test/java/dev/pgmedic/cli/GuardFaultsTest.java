package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.embedded.EmbeddedServer;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What guard does when the server, the network or an administrator takes its lock away. */
@Timeout(300)
class GuardFaultsTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration AFTER_THE_LOSS = Duration.ofSeconds(1);

  /** Tries for ever, whatever it is told. */
  private static final String STUBBORN =
      "trap '' TERM; while :; do psql -qc 'INSERT INTO log DEFAULT VALUES' \"$DIRECT\"; done";

  private static final String LOG =
      "CREATE TABLE log (at timestamptz NOT NULL DEFAULT clock_timestamp())";

  @TempDir private Path folder;
  private final List<GuardProcess> started = new ArrayList<>();

  @AfterEach
  void end() throws IOException {
    for (GuardProcess guard : started) {
      guard.close();
    }
  }

  @Test
  void aLockSessionThatAnAdministratorEndsTakesTheCommandWithIt() throws Exception {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, LOG);
    GuardProcess guard = stubborn(url, url);

    // When
    List<String> lost =
        TestDatabases.query(
            url,
            "WITH holder AS MATERIALIZED (SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
                + " AND database = (SELECT oid FROM pg_database WHERE datname ="
                + " current_database()))"
                + " SELECT clock_timestamp() FROM holder WHERE pg_terminate_backend(pid, 5000)");

    // Then
    assertThat(guard.exit()).isEqualTo(1);
    assertThat(guard.lastLine())
        .contains("the migration lock was lost", "the session that held it was ended");
    assertThat(guard.family()).isEmpty();
    assertThat(
            TestDatabases.query(
                url, "SELECT max(at) < '" + lost.get(0) + "'::timestamptz + '1s' FROM log"))
        .containsExactly("t");
  }

  @Test
  void aServerThatCrashesAndStartsAgainTakesTheCommandWithIt() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.temporary()) {
      // Given
      PostgresUrl url = server.url("postgres");
      TestDatabases.run(url, LOG);
      GuardProcess guard = stubborn(url, url);
      long checkpointer =
          Long.parseLong(
              query(url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"));
      Instant crash = Instant.now();

      // When
      ProcessHandle.of(checkpointer).orElseThrow().destroyForcibly();

      // Then
      assertThat(guard.exit()).isEqualTo(1);
      assertThat(guard.lastLine()).contains("the migration lock was lost");
      assertThat(guard.family()).isEmpty();
      await().atMost(SOON).ignoreExceptions().until(() -> query(url, "SELECT 1").equals("1"));
      Instant last = OffsetDateTime.parse(query(url, LAST)).toInstant();
      assertThat(last).isBefore(crash.plus(AFTER_THE_LOSS));
      assertThat(start(url, url, "--", "true").exit()).isZero();
    }
  }

  private static final String LAST =
      "SELECT to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM log";

  @Test
  void aNetworkThatStallsEndsTheCommandBeforeAnybodyMayTakeTheLock() throws Exception {
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, LOG);
    try (TcpProxy proxy = TcpProxy.before(url)) {
      // Given
      GuardProcess guard = stubborn(proxy.url(), url);

      // When
      proxy.stall();

      // Then
      assertThat(guard.exit()).isEqualTo(1);
      assertThat(guard.lastLine()).contains("the server has not answered for 10 s");
      assertThat(guard.family()).isEmpty();
      assertThat(runSessions(url)).isEmpty();
    }
    assertThat(start(url, url, "--", "true").exit()).isZero();
  }

  @Test
  void aSupervisorThatSomebodyEndedTakesTheCommandWithIt() throws Exception {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, LOG);
    GuardProcess guard = stubborn(url, url);
    ProcessHandle supervisor =
        guard.family().stream().filter(GuardFaultsTest::supervises).findFirst().orElseThrow();

    // When
    supervisor.destroyForcibly();

    // Then
    assertThat(guard.exit()).isEqualTo(1);
    assertThat(guard.lastLine()).contains("supervisor");
    assertThat(guard.family()).isEmpty();
  }

  @Test
  void withPsqlAloneASuccessorStartsBesideTheStatementOfAKilledClient() throws Exception {
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, FINISHED);
    try (Connection gate = gate(url)) {
      // Given: a lock on a session of its own and the work on another, as most tools do it
      Process lock = psql("-At", url.reveal());
      lock.outputWriter().append("SELECT pg_advisory_lock(7);\n").flush();
      await().atMost(SOON).until(() -> !TestDatabases.advisoryLocks(url).isEmpty());
      Process work = psql("-qc", WORK, url.reveal());
      await().atMost(SOON).until(() -> working(url) == 1);

      // When
      kill(Stream.of(lock.toHandle(), work.toHandle()));
      String next = "SELECT 'running beside it: ' || count(*) " + WORKING;
      Process successor = psql("-At", "-c", "SELECT pg_advisory_lock(7)", "-c", next, url.reveal());

      // Then
      assertThat(successor.inputReader().lines()).contains("running beside it: 1");
      assertThat(successor.waitFor()).isZero();
      gate.rollback();
    }
  }

  @Test
  void underGuardASuccessorStartsWhenTheStatementOfAKilledClientIsDone() throws Exception {
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, FINISHED);
    try (Connection gate = gate(url)) {
      // Given: a client whose server does not look whether it is still there
      String deaf = "PGOPTIONS= psql -qc \"" + WORK + "\" \"$DIRECT\"";
      GuardProcess killed = start(url, url, "--", "sh", "-c", deaf);
      await().atMost(SOON).until(() -> working(url) == 1);

      // When: guard, supervisor, shell and psql at one blow
      kill(killed.family().stream());
      String next = "psql -Atc \"SELECT count(*) " + WORKING + "\" \"$DIRECT\"";
      GuardProcess successor = start(url, url, "--", "sh", "-c", next);

      // Then
      String waits = "before the work starts we wait";
      await().atMost(SOON).until(() -> successor.err().contains(waits));
      assertThat(working(url)).isOne();
      assertThat(successor.out()).isEmpty();
      gate.rollback();
      assertThat(successor.exit()).as(successor.err()).isZero();
      assertThat(successor.out()).isEqualTo("0\n");
      assertThat(successor.err())
          .contains("of the earlier run \"pgmedic/", "INSERT INTO finished VALUES (?)");
      assertThat(TestDatabases.query(url, "SELECT who FROM finished")).containsExactly("killed");
    }
  }

  private static final String FINISHED = "CREATE TABLE finished (who text)";
  private static final String WORK = "INSERT INTO finished VALUES ('killed')";
  private static final String WORKING =
      "FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
          + " AND query LIKE 'INSERT%'";

  /** Lets the work end when it is rolled back. */
  private static Connection gate(PostgresUrl url) throws SQLException {
    Connection gate = TestDatabases.connect(url);
    gate.setAutoCommit(false);
    try (Statement statement = gate.createStatement()) {
      statement.execute("LOCK TABLE finished");
    }
    return gate;
  }

  private static long working(PostgresUrl url) {
    return Long.parseLong(query(url, "SELECT count(*) " + WORKING));
  }

  private static void kill(Stream<ProcessHandle> processes) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", "-s", "KILL"));
    processes.forEach(process -> command.add(Long.toString(process.pid())));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  @Test
  void anIndexIsBuiltConcurrentlyWhileTenWait() throws Exception {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, "CREATE TABLE big AS SELECT generate_series(1, 100000) AS id");
    String build =
        "until [ \"$(psql -Atc \"SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE"
            + " 'pgmedic-wait/%' AND datname = current_database()\" \"$DIRECT\")\" = 10 ];"
            + " do sleep 0.1; done;"
            + " psql -qc 'CREATE INDEX CONCURRENTLY big_id ON big (id)' \"$DIRECT\"";
    List<GuardProcess> guards = new ArrayList<>();

    // When
    guards.add(start(url, url, "--", "sh", "-c", build));
    await().atMost(SOON).until(() -> runSessions(url).stream().anyMatch(this::holds));
    for (int i = 0; i < 10; i++) {
      guards.add(start(url, url, "--wait", "2m", "--", "true"));
    }

    // Then
    for (GuardProcess guard : guards) {
      assertThat(guard.exit()).as(guard.err()).isZero();
    }
    assertThat(
            TestDatabases.query(
                url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'big_id'::regclass"))
        .containsExactly("t");
  }

  private boolean holds(String name) {
    return name.startsWith("pgmedic/");
  }

  private GuardProcess stubborn(PostgresUrl lock, PostgresUrl direct) throws IOException {
    GuardProcess guard = start(lock, direct, "--", "sh", "-c", STUBBORN);
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> !query(direct, "SELECT count(*) FROM log").equals("0"));
    return guard;
  }

  private GuardProcess start(PostgresUrl lock, PostgresUrl direct, String... arguments)
      throws IOException {
    GuardProcess guard =
        GuardProcess.Start.of(folder.resolve("guard" + started.size()), lock, arguments)
            .with("DIRECT", direct.reveal())
            .start();
    started.add(guard);
    return guard;
  }

  private static boolean supervises(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("\0supervisor\0");
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }

  private static Process psql(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("psql"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> runSessions(PostgresUrl url) {
    return TestDatabases.query(
        url,
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name LIKE 'pgmedic/%'");
  }

  private static String query(PostgresUrl url, String sql) {
    return TestDatabases.query(url, sql).get(0);
  }
}
