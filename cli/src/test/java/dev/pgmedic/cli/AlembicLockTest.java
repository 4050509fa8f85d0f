package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The env.py of docs/alembic.md, word for word, against our own lock and guard. */
@Timeout(180)
class AlembicLockTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Path PAGE = Path.of("docs/alembic.md");
  private static final String RUN = "^pgmedic/[0-9a-f]{16}/0$";

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final List<Process> started = new ArrayList<>();
  private AlembicProject project;

  @BeforeEach
  void makeProject() throws IOException {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    project = AlembicProject.in(folder.resolve("project"), url);
    project.environment(environment());
  }

  @AfterEach
  void close() {
    started.forEach(Process::destroyForcibly);
    vertx.close().await();
  }

  @Test
  void alembicWaitsForUsAndThenMigrates() throws Exception {
    // Given
    HeldLock held = acquire("ours").await();

    // When
    Process alembic = upgrade();
    await().atMost(SOON).until(() -> sessions("^pgmedic-wait/[0-9a-f]{16}$").size() == 1);
    List<String> versionsMeanwhile = versions();
    held.release().await();

    // Then
    assertThat(versionsMeanwhile).isEmpty();
    assertThat(exit(alembic)).isZero();
    assertThat(versions()).containsExactly("005");
    assertThat(sessions("pgmedic")).isEmpty();
  }

  @Test
  void alembicThatWaitsInVainSaysWhoHoldsTheLock() throws Exception {
    // Given
    HeldLock held = acquire("ours").await();
    project.environment(environment().replace("wait=60", "wait=1"));

    // When
    Process alembic = upgrade();

    // Then
    assertThat(exit(alembic)).isNotZero();
    assertThat(output()).contains("the migration lock is held by session ", "pgmedic/ours/0");
    assertThat(versions()).isEmpty();
    held.release().await();
  }

  @Test
  void weWaitForAlembicWhoseHeartBeatsAndWhoseSessionsAreNamed() throws Exception {
    try (Connection gate = gate()) {
      // Given
      Process alembic = upgrade();
      await().atMost(SOON).until(() -> sessions(RUN).size() == 2);
      String before = beat();

      // When
      Future<HeldLock> ours = acquire("ours");
      await().atMost(SOON).until(() -> !beat().equals(before));

      // Then
      assertThat(ours.isComplete()).isFalse();
      gate.rollback();
      assertThat(exit(alembic)).isZero();
      HeldLock held = ours.await();
      assertThat(versions()).containsExactly("005");
      assertThat(sessions(RUN)).isEmpty();
      held.release().await();
    }
  }

  @Test
  void afterASigkillOfAlembicWeGoOnAndNothingOfItIsLeft() throws Exception {
    try (Connection gate = gate()) {
      // Given
      Process alembic = upgrade();
      await().atMost(SOON).until(() -> sessions(RUN).size() == 2);

      // When
      alembic.destroyForcibly();

      // Then
      HeldLock held = acquire("ours").await();
      assertThat(sessions(RUN)).isEmpty();
      held.release().await();
      gate.rollback();
      assertThat(versions()).isEmpty();
    }
  }

  @Test
  void alembicEndsItselfWhenItsLockIsLost() throws Exception {
    try (Connection gate = gate()) {
      // Given
      Process alembic = upgrade();
      await().atMost(SOON).until(() -> sessions(RUN).size() == 2);

      // When
      TestDatabases.run(
          url, "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'");

      // Then
      assertThat(exit(alembic)).isEqualTo(1);
      assertThat(output()).contains("the migration lock was lost: ");
      await().atMost(SOON).until(() -> sessions(RUN).isEmpty());
      gate.rollback();
      assertThat(versions()).isEmpty();
    }
  }

  @Test
  void alembicEndsTheSessionsOfADeadRunBeforeItWorks() throws Exception {
    try (Connection dead = TestDatabases.connect(url)) {
      // Given
      try (Statement statement = dead.createStatement()) {
        statement.execute("SET application_name = 'pgmedic/dead/7'");
      }

      // When
      Process alembic = upgrade();

      // Then
      assertThat(exit(alembic)).isZero();
      assertThat(sessions("^pgmedic/dead/7$")).isEmpty();
      assertThat(dead.isValid(1)).isFalse();
    }
  }

  @Test
  void underAGuardItTakesNoSecondLock() throws Exception {
    // When
    try (GuardProcess guard = guard("")) {

      // Then
      assertThat(guard.exit()).isZero();
      assertThat(guard.err()).doesNotContain("Error");
      assertThat(versions()).containsExactly("005");
    }
  }

  @Test
  void aLeftoverVariableIsNotBelieved() throws Exception {
    // Given
    HeldLock held = acquire("ours").await();
    String stranger = "1,2026-01-01T00:00:00Z,long-gone/0";

    // When
    Process alembic =
        started(
            new ProcessBuilder("env", "PGMEDIC_LOCK=" + stranger, "alembic", "upgrade", "head")
                .directory(folder.resolve("project").toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alembic.out").toFile())
                .start());

    // Then
    await().atMost(SOON).until(() -> sessions("^pgmedic-wait/").size() == 1);
    held.release().await();
    assertThat(exit(alembic)).isZero();
  }

  @Test
  void aGuardAndAnUnguardedAlembicMigrateOnce() throws Exception {
    try (Connection gate = gate()) {
      // Given
      Process alembic = upgrade();
      await().atMost(SOON).until(() -> sessions(RUN).size() == 2);

      // When
      try (GuardProcess guard = guard("echo behind it; ")) {
        await().atMost(SOON).until(() -> sessions("^pgmedic-wait/").size() == 1);
        gate.rollback();

        // Then
        assertThat(exit(alembic)).isZero();
        assertThat(guard.exit()).isZero();
        assertThat(guard.out()).startsWith("behind it");
        assertThat(versions()).containsExactly("005");
      }
    }
  }

  private static String environment() throws IOException {
    Path page = Files.exists(PAGE) ? PAGE : Path.of("..").resolve(PAGE);
    return Pattern.compile("^```python\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(Files.readString(page))
        .results()
        .map(block -> block.group(1))
        .reduce((one, two) -> {
          throw new AssertionError("expected one block of Python in " + PAGE);
        })
        .orElseThrow();
  }

  // Alembic's first revision makes the same table: its statement waits until this one's end.
  private Connection gate() throws SQLException {
    Connection connection = TestDatabases.connect(url);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE step_1 ()");
    }
    return connection;
  }

  private Process upgrade() throws IOException {
    return started(project.start(folder.resolve("alembic.out"), "upgrade", "head"));
  }

  private Process started(Process process) {
    started.add(process);
    return process;
  }

  private GuardProcess guard(String before) throws IOException {
    return GuardProcess.start(
        folder.resolve("guard"),
        url,
        "--",
        "sh",
        "-c",
        before + "cd '" + folder.resolve("project") + "' && exec alembic upgrade head");
  }

  private static int exit(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("alembic has ended").isTrue();
    return process.exitValue();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("alembic.out"));
  }

  private Future<HeldLock> acquire(String run) {
    return MigrationLock.of(vertx, new MigrationLock.Run(run, 0), CONNECT, CONNECT)
        .acquire(url, Duration.ofSeconds(30), session -> Future.succeededFuture());
  }

  private List<String> sessions(String name) {
    return TestDatabases.query(
        url,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name ~ '"
            + name
            + "'");
  }

  // When the session that holds the lock last answered.
  private String beat() {
    return TestDatabases.query(
            url,
            "SELECT state_change FROM pg_stat_activity JOIN pg_locks USING (pid)"
                + " WHERE locktype = 'advisory'")
        .get(0);
  }

  private List<String> versions() {
    boolean made =
        TestDatabases.query(url, "SELECT to_regclass('alembic_version') IS NOT NULL")
            .equals(List.of("t"));
    return made ? TestDatabases.query(url, "SELECT version_num FROM alembic_version") : List.of();
  }
}
