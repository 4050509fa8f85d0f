package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --verify}: a command that says 0 is not believed before a check agrees. */
@Timeout(120)
class GuardVerifyTest {

  private static final String TABLE =
      "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)";

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();

  @BeforeEach
  void makeProject() throws IOException {
    AlembicProject.in(folder, url);
    TestDatabases.run(url, TABLE);
  }

  @Test
  void aDatabaseThatIsInOrderChangesNothing() throws Exception {
    // When
    GuardProcess guard = guard("--verify", "--path", ".", "--", "sh", "-c", version("005"));

    // Then
    assertThat(guard.exit()).as(guard.err()).isZero();
    assertThat(guard.err()).isEmpty();
  }

  @Test
  void aVersionThatNoFileKnowsEndsItWithOne() throws Exception {
    // When
    GuardProcess guard = guard("--verify", "--path", ".", "--", "sh", "-c", version("006"));

    // Then
    guard.assertSaid(
        Pgmedic.UNHEALTHY,
        "the command ended with 0, but a check finds migration.unknown-version",
        "the database has 006, which no file on disk names");
  }

  @Test
  void aTableThatTheFileExpectsEndsItWithOne() throws Exception {
    // When
    GuardProcess guard = configured("expect: {tables: [invoices]}", "--verify -- true");
    GuardProcess unverified = configured("expect: {tables: [invoices]}", "-- true");

    // Then
    guard.assertSaid(
        Pgmedic.UNHEALTHY, "the command ended with 0, but a check finds table.missing", "invoices");
    assertThat(unverified.exit()).isZero();
  }

  @Test
  void whileAnotherMigrationIsAtWorkItWaitsAndThenJudges() throws Exception {
    // Given
    try (Connection flyway = migrating()) {

      // When
      GuardProcess guard = configured("expect: {tables: [invoices]}", "--verify -- true");
      Set<String> checks = new HashSet<>();
      await().atMost(SOON).until(() -> checks.addAll(checking()) && checks.size() > 1);
      flyway.close();

      // Then
      guard.assertSaid(
          Pgmedic.UNHEALTHY, "the command ended with 0, but a check finds table.missing");
    }
  }

  @Test
  void whenTheOtherMigrationDoesNotEndNothingIsVerified() throws Exception {
    // Given
    try (Connection flyway = migrating()) {
      assertThat(flyway.isClosed()).isFalse();

      // When
      GuardProcess guard = configured("migrations: {tool: alembic}", "--verify --wait 2s -- true");

      // Then
      guard.assertSaid(
          Pgmedic.UNHEALTHY,
          "the command ended with 0, but the check was not possible: a migration is at work",
          "flyway's lock is held by");
    }
  }

  private List<String> checking() {
    return TestDatabases.query(
        url,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'pgmedic-check'"
            + " AND datname = current_database()");
  }

  // A session that holds Flyway's lock.
  private Connection migrating() throws SQLException {
    Connection session = TestDatabases.connect(url);
    try (Statement statement = session.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(77433833903597)");
    }
    return session;
  }

  @Test
  void aWarningIsNoReasonToFail() throws Exception {
    // Given
    TestDatabases.run(url, "DROP TABLE alembic_version");

    // When
    GuardProcess guard = configured("migrations: {tool: alembic}", "--verify -- true");

    // Then
    assertThat(guard.exit()).as(guard.err()).isZero();
    assertThat(guard.err()).isEmpty();
  }

  @Test
  void aCommandThatFailedIsNotLookedInto() throws Exception {
    // When
    GuardProcess guard =
        guard("--verify", "--path", ".", "--", "sh", "-c", version("006") + "; exit 77");

    // Then
    assertThat(guard.exit()).isEqualTo(77);
    assertThat(guard.err()).doesNotContain("check").contains("the command ended with 77");
  }

  @Test
  void aSkippedCommandDoesNotKeepItFromLooking() throws Exception {
    // Given
    TestDatabases.run(url, "INSERT INTO alembic_version VALUES ('005')");

    // When
    GuardProcess guard =
        configured(
            "migrations: {directory: .}, expect: {tables: [invoices]}",
            "--verify --if-behind -- touch ran");

    // Then
    guard.assertRefused(
        Pgmedic.UNHEALTHY, "already at head 005; the command was not run, but a check finds table");
  }

  @Test
  void aCheckThatIsNotPossibleIsNoSuccess() throws Exception {
    // Given
    Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "postgresql://me@127.0.0.1:1/store"}
        targets: {shop: {url: "%s"}}
        """
            .formatted(url.reveal()));

    // When
    GuardProcess guard = fromFile("--verify", "--", "true");

    // Then
    guard.assertSaid(
        Pgmedic.UNHEALTHY,
        "the command ended with 0, but the check was not possible",
        "127.0.0.1:1/store failed at tcp");
  }

  private String version(String version) {
    return "psql -qc \"INSERT INTO alembic_version VALUES ('"
        + version
        + "')\" '"
        + url.reveal()
        + "'";
  }

  private GuardProcess guard(String... arguments) throws IOException {
    return GuardProcess.start(folder, url, arguments);
  }

  private GuardProcess configured(String more, String words) throws IOException {
    Files.writeString(
        folder.resolve("pgmedic.yaml"),
        "targets: {shop: {url: \"" + url.reveal() + "\", " + more + "}}\n");
    return fromFile(words.split(" ", -1));
  }

  private GuardProcess fromFile(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("-c", "../pgmedic.yaml"));
    all.addAll(List.of(words));
    Path own = Files.createTempDirectory(folder, "run");
    return new GuardProcess.Start(own, all, Map.of()).start();
  }
}
