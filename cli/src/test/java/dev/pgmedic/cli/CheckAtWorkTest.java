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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A one-shot check beside a session that may be a migration under no lock. */
@Timeout(180)
class CheckAtWorkTest {

  private static final String GONE = "table.missing: public.users is gone";
  private static final String WAITS = "looking again for up to";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final PostgresUrl url = TestDatabases.fresh();
  private final Connection session = TestDatabases.connect(url);
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void aMigratedTargetWithoutItsTable() throws IOException {
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('005')");
    file =
        Files.writeString(
            folder.resolve("pgmedic.yaml"),
            """
            targets:
              shop:
                url: "%s"
                expect: {tables: [users]}
                deadlines: {connect: 60s, check: 60s}
            """
                .formatted(url.reveal()));
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
  }

  private OneShot check(String... more) throws IOException {
    String[] words = new String[more.length + 3];
    System.arraycopy(new String[] {"check", "-c", file.toString()}, 0, words, 0, 3);
    System.arraycopy(more, 0, words, 3, more.length);
    return OneShot.run(folder, words);
  }

  private void run(String sql) {
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private boolean isChecked() {
    return !TestDatabases.query(
            url,
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pgmedic-check'"
                + " AND datname = current_database()")
        .isEmpty();
  }

  @Test
  void aMigrationThatMakesTheTableAnewIsWaitedFor() throws Exception {
    // Given: a session that is at work already, and says what it did once the check has looked
    session.setAutoCommit(false);
    run("CREATE TABLE users (id int)");
    CompletableFuture<Void> migration =
        CompletableFuture.runAsync(() -> {
          await().atMost(SOON).until(this::isChecked);
          await().atMost(SOON).until(() -> !isChecked());
          run("COMMIT");
        });

    // When
    OneShot ended = check("--wait", "60s");

    // Then
    migration.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended.out()).doesNotContain(GONE);
    assertThat(ended.code()).as(ended.toString()).isZero();
  }

  @Test
  void whatStandsForAsLongIsTold() throws Exception {
    // Given
    session.setAutoCommit(false);
    run("SELECT 1");

    // When
    OneShot ended = check("--wait", "2s");

    // Then
    assertThat(ended.err()).contains("shop: what is wrong may be", WAITS + " 2s", "(--wait)");
    assertThat(ended.err()).contains("sessions are still at work");
    assertThat(ended.out()).contains(GONE);
    assertThat(ended.code()).isEqualTo(Pgmedic.UNHEALTHY);
  }

  @Test
  void whereNobodyIsAtWorkItIsToldWithoutAWord() throws Exception {
    // When
    OneShot ended = check();
    OneShot impatient = check("--wait", "0s");

    // Then
    assertThat(ended.out()).contains(GONE);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(impatient.out()).contains(GONE);
    assertThat(impatient.err()).isEmpty();
  }

  @Test
  void aPlanSaysThatItWaitedToo() throws Exception {
    // Given
    session.setAutoCommit(false);
    run("SELECT 1");

    // When
    OneShot ended = OneShot.run(folder, "plan", "-c", file.toString(), "--wait", "1s");

    // Then
    assertThat(ended.err()).as(ended.out()).contains(WAITS + " 1s");
    assertThat(ended.code()).isEqualTo(Pgmedic.UNHEALTHY);
  }
}
