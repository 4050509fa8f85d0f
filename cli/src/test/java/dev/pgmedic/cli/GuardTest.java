package dev.pgmedic.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class GuardTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 77})
  void itsExitCodeAndItsOutputAreTheCommands(int code) throws Exception {
    // When
    GuardProcess guard = guard("--", "sh", "-c", "echo said; echo cried >&2; exit " + code);

    // Then
    assertThat(guard.exit()).isEqualTo(code);
    assertThat(guard.out()).isEqualTo("said\n");
    assertThat(guard.lastLine())
        .isEqualTo(
            code == 0
                ? "cried"
                : "pgmedic: the command ended with "
                    + code
                    + ": sh -c echo said; echo cried >&2; exit "
                    + code);
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  @Test
  void theLineThatNamesTheCommandHasNoPasswordAndIsShort() throws Exception {
    // When
    GuardProcess guard =
        guard("--", "sh", "-c", "exit 4", "postgresql://me:p@ss:word@db/shop", "x".repeat(200));

    // Then
    assertThat(guard.exit()).isEqualTo(4);
    assertThat(guard.lastLine())
        .isEqualTo(
            "pgmedic: the command ended with 4: sh -c exit 4 postgresql://me:***@db/shop "
                + "x".repeat(36)
                + "...");
  }

  @Test
  void aCommandThatASignalEndedGivesItsNumberAnd128() throws Exception {
    // When
    GuardProcess guard = guard("--", "sh", "-c", "kill -KILL $$");

    // Then
    assertThat(guard.exit()).isEqualTo(137);
    assertThat(guard.lastLine()).contains("ended with 137, as by signal KILL");
  }

  @Test
  void theCommandRunsUnderTheLockAndKnowsIt() throws Exception {
    // When
    GuardProcess guard = guard("--", "sh", "-c", "env; psql '" + url.reveal() + "' -Atc \"" + SEEN);

    // Then
    assertThat(guard.exit()).isZero();
    assertThat(guard.out())
        .containsPattern("PGMEDIC_LOCK=\\d+,[0-9T:.-]+Z,[0-9a-f]{16}/0\n")
        .containsPattern("PGAPPNAME=pgmedic/[0-9a-f]{16}/0\n")
        .contains("client_connection_check_interval=1000")
        .endsWith("t|1s\n");
  }

  private static final String SEEN =
      "SELECT l.pid <> pg_backend_pid() AND a.application_name ="
          + " current_setting('application_name'),"
          + " current_setting('client_connection_check_interval') FROM pg_locks l"
          + " JOIN pg_stat_activity a USING (pid) WHERE locktype = 'advisory'\"";

  @Test
  void whatItReadsIsTheCommandsInput() throws Exception {
    // Given
    Path input = Files.writeString(folder.resolve("input.sql"), "SELECT 40 + 2;\n");
    Path script = folder.resolve("run.sh");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        script,
        "exec \"%s\" -cp \"%s\" dev.pgmedic.cli.Pgmedic guard --url '%s' -- psql -At '%s' < '%s'"
            .formatted(
                java, System.getProperty("java.class.path"), url.reveal(), url.reveal(), input));

    // When
    Process shell = new ProcessBuilder("sh", script.toString()).start();

    // Then
    assertThat(shell.inputReader(UTF_8).readLine()).isEqualTo("42");
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void anotherGuardWaitsUntilTheFirstIsDone() throws Exception {
    // Given
    TestDatabases.run(url, "CREATE TABLE log (n serial, who text)");
    GuardProcess first =
        guardIn("first", "--", "sh", "-c", write("in") + "; sleep 2; " + write("out"));
    await().atMost(SOON).until(() -> log().equals(List.of("in")));

    // When
    GuardProcess second = guardIn("second", "--", "sh", "-c", write("next"));

    // Then
    assertThat(second.exit()).isZero();
    assertThat(first.exit()).isZero();
    assertThat(log()).containsExactly("in", "out", "next");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "300ms"})
  void aWaitInVainSaysWhoHoldsTheLockAndEndsWith75(String wait) throws Exception {
    try (Connection holder = TestDatabases.connect(url);
        Statement statement = holder.createStatement()) {
      // Given
      statement.execute("SET application_name = 'somebody''s script'");
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + "), 'secret word'");

      // When
      GuardProcess guard = guard("--wait", wait, "--", "true");

      // Then
      assertThat(guard.exit()).isEqualTo(75);
      assertThat(guard.lastLine())
          .contains("the migration lock is held by session ", "somebody's script", "verdict: live")
          .doesNotContain("secret word");
    }
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  @Test
  void aCommandThatHasNotEndedByTheDeadlineIsEndedWithAllItStarted() throws Exception {
    // When
    GuardProcess guard =
        guard("--deadline", "2s", "--", "sh", "-c", "trap '' TERM; setsid sleep 100 & sleep 200");

    // Then
    assertThat(guard.exit()).isEqualTo(124);
    assertThat(guard.lastLine()).contains("had not ended after 2s");
    assertThat(guard.family()).isEmpty();
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  @Test
  void whatACommandLeavesBehindIsEndedBeforeTheLockIsGivenBack() throws Exception {
    // When
    GuardProcess guard =
        guard(
            "--",
            "sh",
            "-c",
            "setsid psql -c 'SELECT pg_sleep(100)' '" + url.reveal() + "' & sleep 1; exit 0");

    // Then
    assertThat(guard.exit()).isZero();
    assertThat(guard.lastLine()).contains("processes that the command left behind were ended");
    assertThat(guard.family()).isEmpty();
    assertThat(runSessions()).isEmpty();
  }

  @Test
  void aSignalIsTheCommandsToAnswer() throws Exception {
    // Given
    GuardProcess guard =
        guard("--", "sh", "-c", "trap 'echo tidied; exit 9' TERM; echo up; sleep 100 & wait");
    await().atMost(SOON).until(() -> guard.out().contains("up"));

    // When
    guard.signal("TERM");

    // Then
    assertThat(guard.exit()).isEqualTo(9);
    assertThat(guard.out()).endsWith("tidied\n");
    assertThat(guard.family()).isEmpty();
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  @Test
  void aSignalWhileItWaitsEndsItAtOnce() throws Exception {
    try (Connection holder = TestDatabases.connect(url);
        Statement statement = holder.createStatement()) {
      // Given
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
      GuardProcess guard = guard("--", "touch", folder.resolve("ran").toString());
      await().atMost(SOON).until(() -> waiting() == 1);

      // When
      guard.signal("TERM");

      // Then
      assertThat(guard.exit()).isEqualTo(143);
      assertThat(guard.lastLine()).contains("stopped by signal TERM before");
      assertThat(folder.resolve("ran")).doesNotExist();
    }
  }

  @Test
  void aGuardUnderAGuardRunsUnderTheSameLock() throws Exception {
    // When
    GuardProcess guard = guard("--wait", "5s", "--", "sh", "-c", nested("--wait 1s -- echo inner"));

    // Then
    assertThat(guard.exit()).isZero();
    assertThat(guard.out()).isEqualTo("inner\n");
    assertThat(guard.err()).isEmpty();
  }

  @Test
  void aLeftoverVariableIsNotBelieved() throws Exception {
    // When
    GuardProcess guard =
        GuardProcess.Start.of(folder, url, "--", "env")
            .with("PGMEDIC_LOCK", "1,2026-01-01T00:00:00Z,long-gone/0")
            .start();

    // Then
    assertThat(guard.exit()).isZero();
    assertThat(guard.err()).contains("names a session that does not hold the lock");
    assertThat(guard.out()).doesNotContain("long-gone/0\nPGAPPNAME");
  }

  private String nested(String arguments) {
    return "\"%s\" -cp \"%s\" dev.pgmedic.cli.Pgmedic guard --url '%s' %s"
        .formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            url.reveal(),
            arguments);
  }

  private GuardProcess guard(String... arguments) throws IOException {
    return GuardProcess.start(folder, url, arguments);
  }

  private GuardProcess guardIn(String name, String... arguments) throws IOException {
    return GuardProcess.start(folder.resolve(name), url, arguments);
  }

  private String write(String word) {
    return "psql -qc \"INSERT INTO log (who) VALUES ('" + word + "')\" '" + url.reveal() + "'";
  }

  private List<String> log() {
    return TestDatabases.query(url, "SELECT who FROM log ORDER BY n");
  }

  private List<String> runSessions() {
    return TestDatabases.query(
        url,
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name LIKE 'pgmedic%'");
  }

  private long waiting() {
    return runSessions().stream().filter(name -> name.startsWith("pgmedic-wait/")).count();
  }
}
