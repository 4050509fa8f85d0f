package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SettlingTest {

  private static final String GONE = "table.missing public.users";

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Target target =
      new Target(
          "shop",
          url,
          Map.of(),
          Migrations.DETECTED,
          new Expectation(Set.of("public.users"), Map.of()),
          Optional.empty(),
          Target.DEFAULT_CHECK_EVERY,
          Deadlines.DEFAULT);
  private final MovedClock clock = new MovedClock();
  private final DatabaseCheck check = new DatabaseCheck(vertx, clock, Checks.LOCK_PAUSE);
  private final Settling settling = new Settling(check, target);
  private final Connection migration = TestDatabases.connect(url);

  /** A clock that a test moves. */
  private static final class MovedClock extends Clock {
    private Instant now = Instant.now();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void aHistory() {
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
        "INSERT INTO alembic_version VALUES ('005')");
  }

  @AfterEach
  void close() throws SQLException {
    migration.close();
    vertx.close().await();
  }

  private void atWork() throws SQLException {
    migration.setAutoCommit(false);
    try (Statement statement = migration.createStatement()) {
      statement.execute("SELECT 1");
    }
    await().until(() -> check.isAtWork(target).await());
  }

  private Diagnosis settled() {
    return settling.settle(check.run(target, KnownGoodLookup.NONE).await()).await();
  }

  private static List<String> told(Diagnosis diagnosis) {
    return diagnosis.findings().stream().map(Checks::text).toList();
  }

  @Test
  void aTableThatAMigrationMayBeMakingAnewIsHeldBackForAWhile() throws SQLException {
    // Given: Alembic takes no lock, so nothing but a session at work tells of a migration
    atWork();

    // When
    Diagnosis first = settled();
    clock.now = clock.now.plus(Checks.LOCK_PAUSE).plusSeconds(1);
    Diagnosis later = settled();

    // Then
    assertThat(told(first)).isEmpty();
    assertThat(first.withheld()).hasSize(1);
    assertThat(told(later)).contains(GONE);
  }

  @Test
  void itIsToldAsSoonAsNobodyWorksAnyMore() throws SQLException {
    // Given
    atWork();
    Diagnosis first = settled();

    // When
    migration.rollback();
    Diagnosis next = settled();

    // Then
    assertThat(told(first)).isEmpty();
    assertThat(told(next)).contains(GONE);
  }

  @Test
  void itIsToldAtOnceWhereNothingIsAtWork() {
    // When
    Diagnosis first = settled();

    // Then
    assertThat(told(first)).contains(GONE);
  }

  @Test
  void itIsToldAtOnceWhereNoMigrationToolIs() throws SQLException {
    // Given
    TestDatabases.run(url, "DROP TABLE alembic_version");
    atWork();

    // When
    Diagnosis first = settled();

    // Then
    assertThat(told(first)).contains(GONE);
  }

  @Test
  void aRecordThatIsNotEndedIsOneOfARunUnderNoLock() throws SQLException {
    // Given: as PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK has it
    TestDatabases.run(
        url,
        "DROP TABLE alembic_version",
        "CREATE TABLE users (id int)",
        "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64)"
            + " NOT NULL, finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text,"
            + " rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),"
            + " applied_steps_count integer NOT NULL DEFAULT 0)",
        "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', 'first')");
    atWork();

    // When
    Diagnosis first = settled();
    migration.rollback();
    Diagnosis next = settled();

    // Then
    assertThat(told(first)).isEmpty();
    assertThat(told(next)).containsExactly("migration.failed public._prisma_migrations first");
  }

  @Test
  void aVersionThatIsThereInPartIsToldOnceItHasStoodForAWhile() {
    // Given: as a tool that takes no lock writes it, statement by statement
    TestDatabases.run(
        url,
        "CREATE TABLE users (id int)",
        "DROP TABLE alembic_version",
        "CREATE TABLE atlas_schema_revisions (version varchar PRIMARY KEY, description varchar"
            + " NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total"
            + " bigint NOT NULL DEFAULT 0, executed_at timestamptz NOT NULL, execution_time bigint"
            + " NOT NULL, error text, error_stmt text, hash varchar NOT NULL, partial_hashes jsonb,"
            + " operator_version varchar NOT NULL)",
        "INSERT INTO atlas_schema_revisions VALUES ('1', 'x', 2, 1, 2, now(), 1, 'boom', 'x', 'x',"
            + " NULL, 'x')");

    // When
    Diagnosis first = settled();
    clock.now = clock.now.plus(Checks.LOCK_PAUSE).plusSeconds(1);
    Diagnosis later = settled();

    // Then
    assertThat(told(first)).isEmpty();
    assertThat(told(later)).containsExactly("migration.partial public.atlas_schema_revisions 1");
  }
}
