package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pgmedic recover} where somebody is asked, answers, or wants it to stop. */
@Timeout(300)
class RecoverOnTerminalTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String LOST = "Type lost to accept that: ";
  private static final String RUN = "Type yes: ";
  private static final int INTERRUPTED = 130;

  // Nobody makes a table while it is held, and everybody may look.
  private static final String BLOCK = "LOCK TABLE pg_catalog.pg_class IN SHARE MODE";

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void loseATable() throws Exception {
    Path migrations = Files.createDirectory(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("000001_users.up.sql"), "CREATE TABLE users (id int PRIMARY KEY);");
    TestDatabases.run(
        url,
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
        "INSERT INTO schema_migrations VALUES (1, false)");
    config =
        Files.writeString(
            folder.resolve("pgmedic.yaml"),
            """
            targets:
              shop: {url: "%s", migrations: {directory: migrations}, recovery: {}}
            """
                .formatted(url.reveal()));
  }

  private TerminalSession recover() throws Exception {
    return TerminalSession.start(folder, "recover", "-c", config.toString());
  }

  private boolean isRebuilt() {
    return TestDatabases.query(url, "SELECT to_regclass('users') IS NOT NULL").contains("t");
  }

  private List<String> sessions() {
    return TestDatabases.query(
        url,
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgmedic%'"
            + " AND datname = current_database()");
  }

  @Test
  void whatWasAnsweredWithTheWordsIsRun() throws Exception {
    try (TerminalSession recover = recover()) {
      // When
      recover.whenShown(LOST, "lost\n");
      recover.whenShown(RUN, "yes\n");
      int code = recover.code();

      // Then
      assertThat(code).as(recover.shown()).isZero();
      assertThat(recover.shown()).contains("[7/7] verified: version 1");
      assertThat(isRebuilt()).isTrue();
    }
  }

  @Test
  void anyOtherAnswerRunsNothing() throws Exception {
    try (TerminalSession recover = recover()) {
      // When
      recover.whenShown(LOST, "lost\n");
      recover.whenShown(RUN, "y\n");
      int code = recover.code();

      // Then
      assertThat(code).as(recover.shown()).isEqualTo(Pgmedic.UNHEALTHY);
      assertThat(recover.shown()).contains("not approved; nothing was run");
      assertThat(isRebuilt()).isFalse();
    }
  }

  @Test
  void ctrlCInsteadOfAnAnswerRunsNothingAndSaysSo() throws Exception {
    try (TerminalSession recover = recover()) {
      // When
      recover.whenShown(LOST, TerminalSession.CTRL_C);
      int code = recover.code();

      // Then
      assertThat(code).as(recover.shown()).isEqualTo(INTERRUPTED);
      assertThat(recover.shown()).contains("pgmedic: stopped; nothing was run");
      assertThat(isRebuilt()).isFalse();
    }
  }

  @Test
  void ctrlCInAStepSaysWhereTheDatabaseStands() throws Exception {
    try (Connection other = TestDatabases.connect(url);
        Statement statement = other.createStatement();
        TerminalSession recover = recover()) {
      // Given
      keepFromItsFirstStep(recover, statement);
      recover.type("yes\n");
      await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(this::isBlocked);

      // When
      recover.type(TerminalSession.CTRL_C);
      int code = recover.code();

      // Then
      assertThat(code).as(recover.shown()).isEqualTo(INTERRUPTED);
      assertThat(recover.shown())
          .contains(
              "pgmedic: stopped; step 1 (Rebuild public.users from known-good) was under way, and"
                  + " what was not committed of that is rolled back; no other step was done;"
                  + " pgmedic recover goes on from what it finds")
          .doesNotContain("Pool closed", "not closed in order");
      statement.execute("ROLLBACK");
      await().atMost(SOON).until(() -> sessions().isEmpty());
      assertThat(isRebuilt()).isFalse();
    }
  }

  private static void keepFromItsFirstStep(TerminalSession recover, Statement other)
      throws Exception {
    recover.whenShown(LOST, "lost\n");
    recover.whenShown(RUN, "");
    other.execute("BEGIN");
    other.execute(BLOCK);
  }

  private boolean isBlocked() {
    return !TestDatabases.query(
            url,
            "SELECT pid FROM pg_locks WHERE NOT granted"
                + " AND relation = 'pg_catalog.pg_class'::regclass AND database ="
                + " (SELECT oid FROM pg_database WHERE datname = current_database())")
        .isEmpty();
  }

  @Test
  void aDeadlineThatPassesEndsWith124() throws Exception {
    Files.writeString(
        config,
        Files.readString(config)
            .replace("recovery: {}", "recovery: {}," + " deadlines: {statement: 3s}"));
    try (Connection other = TestDatabases.connect(url);
        Statement statement = other.createStatement();
        TerminalSession recover = recover()) {
      // Given
      keepFromItsFirstStep(recover, statement);

      // When
      recover.type("yes\n");
      int code = recover.code();

      // Then
      assertThat(code).as(recover.shown()).isEqualTo(Pgmedic.TIMED_OUT);
      assertThat(recover.shown())
          .contains("failed: step 1 (Rebuild public.users", "no step was done");
      assertThat(isRebuilt()).isFalse();
    }
  }
}
