package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pgmedic locks} in a process of its own, as a user starts it. */
@Timeout(120)
class LocksCommandTest {

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  private OneShot locks(String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("locks"));
    words.addAll(List.of(arguments));
    return OneShot.run(folder, words.toArray(String[]::new));
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void wait(Connection session, String statement) {
    try {
      run(session, statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tellsWhoHoldsWhatAndLetsNoNameBreakTheTable() throws IOException, SQLException {
    // Given
    String hostile = "\u001b[2J\n\rverdict: \"orphaned\" \u202e";
    TestDatabases.run(url, "CREATE ROLE \"" + hostile.replace("\"", "\"\"") + "\" LOGIN");
    try (Connection holder = TestDatabases.connect(TestDatabases.as(url, hostile));
        Connection application = TestDatabases.connect(url)) {
      run(holder, "SET application_name = '" + "x".repeat(60) + "'");
      run(holder, "BEGIN", "SELECT pg_try_advisory_xact_lock(77433833903597)", "SELECT 'pass'");
      run(application, "SELECT pg_advisory_lock(1, 2)");

      // When
      OneShot ended = locks("--url", url.reveal(), "--between", "100ms");

      // Then
      assertThat(ended.err()).isEmpty();
      assertThat(ended.code()).isZero();
      assertThat(ended.out().chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
      assertThat(ended.out()).doesNotContain("\u202e", "pass'");
      assertThat(ended.out().lines().map(line -> line.replaceFirst(" .*", "")))
          .startsWith(url.database() + ":", "VERDICT", "live")
          .contains("unknown")
          .allMatch(word ->
              word.isEmpty() || word.matches(url.database() + ":|VERDICT|live|unknown|note:"));
      assertThat(ended.out())
          .contains(
              "flyway", "why: the key is 77431708279161 + Java's hash", "its statement: SELECT ?");
    } finally {
      TestDatabases.run(url, "DROP ROLE \"" + hostile.replace("\"", "\"\"") + "\"");
    }
  }

  @Test
  void itsJsonHasTheNamesThatTheManualPromises()
      throws IOException, SQLException, InterruptedException {
    // Given
    String stranger = TestDatabases.role(url, "pg_monitor");
    TestDatabases.run(
        url,
        "CREATE TABLE databasechangeloglock (id int PRIMARY KEY, locked boolean, lockgranted"
            + " timestamp, lockedby varchar(255))",
        "CREATE TABLE visit (id int)");
    try (Connection holder = TestDatabases.connect(url);
        Connection poller = TestDatabases.connect(url);
        Connection forgotten = TestDatabases.connect(url);
        Connection migration = TestDatabases.connect(url)) {
      run(holder, "BEGIN", "SELECT pg_try_advisory_xact_lock(77433833903597)");
      run(poller, "SELECT pg_try_advisory_xact_lock(77433833903597)");
      run(migration, "SET application_name = 'alembic'");
      run(forgotten, "SET application_name = 'report'", "BEGIN", "SELECT count(*) FROM visit");
      String change = "ALTER TABLE visit ADD COLUMN note text";
      Thread waiting = Thread.ofVirtual().start(() -> wait(migration, change));

      // When
      OneShot ended =
          locks(
              "--url",
              TestDatabases.as(url, stranger).reveal(),
              "--json",
              "--between",
              "100ms",
              "--idle",
              "1ms");
      run(forgotten, "ROLLBACK");
      assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();

      // Then
      JsonObject report = new JsonObject(ended.out());
      Set<String> names = JsonNames.of(report);
      names.add(".locks.waiters.waits_for_ms"); // of whoever queues
      names.add(".locks.waiters.wants");
      assertThat(names).isEqualTo(JsonNames.of(JsonNames.example("locks.md")));
      JsonObject lock = report.getJsonArray("locks").getJsonObject(0);
      assertThat(lock.getJsonArray("waiters").getJsonObject(0).getString("waits"))
          .isEqualTo("polls");
      assertThat(report.getJsonArray("unread_tables").getJsonObject(0).getString("reason"))
          .contains("GRANT SELECT ON");
    }
  }

  @Test
  void knowsTheKeysThatTheFileNames() throws IOException, SQLException {
    // Given
    Path file = folder.resolve("pgmedic.yaml");
    Files.writeString(
        file,
        "targets:\n  shop:\n    url: " + url.reveal() + "\n    migrations: {lock_keys: [4711]}\n",
        StandardCharsets.UTF_8);
    try (Connection holder = TestDatabases.connect(url)) {
      run(holder, "SELECT pg_advisory_lock(4711)");

      // When
      OneShot ended = locks("-c", file.toString(), "--between", "100ms");

      // Then
      assertThat(ended.code()).isZero();
      assertThat(ended.out()).startsWith("shop: 1 lock").contains("lock_keys");
    }
  }

  @Test
  void endsWithThreeWhenNothingAnswersAndWithTwoWhenItIsMisused() throws IOException {
    // When
    OneShot nobody = locks("--url", "postgresql://me@127.0.0.1:1/mydb");
    OneShot noPause = locks("--url", url.reveal(), "--between", "0s");
    OneShot noPooler = locks("--url", url.reveal(), "--pooler", "somewhere");
    OneShot nowhere = locks();

    // Then
    assertThat(nobody.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(nobody.err()).contains("failed at tcp");
    assertThat(List.of(noPause.code(), noPooler.code(), nowhere.code()))
        .containsOnly(Pgmedic.USAGE);
    assertThat(noPause.err()).contains("--between: expected more than zero");
    assertThat(noPooler.err()).contains("--pooler: expected postgresql://");
  }
}
