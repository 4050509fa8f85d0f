package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DatabaseCheckTest {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void runsToItsEndWhileAnotherSessionHoldsEveryTableExclusively() throws SQLException {
    // Given
    PostgresUrl url = migrated();
    Observation before = checks.run(url).observation().orElseThrow();
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      migration.setAutoCommit(false);
      statement.execute("LOCK TABLE users, orders, alembic_version IN ACCESS EXCLUSIVE MODE");
      statement.execute("REFRESH MATERIALIZED VIEW big_orders");

      // When
      Diagnosis diagnosis = checks.run(url);

      // Then
      Observation seen = diagnosis.observation().orElseThrow();
      assertThat(diagnosis.findings()).isEmpty();
      assertThat(seen.catalog()).isEqualTo(before.catalog());
      assertThat(seen.history().busy()).isTrue();
      assertThat(seen.migrationAtWork()).isTrue();
    }
  }

  @Test
  void judgesNoCatalogWhileAMigrationIsAtWork() throws SQLException {
    // Given
    PostgresUrl url = migrated();
    var good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE orders CASCADE");
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      migration.setAutoCommit(false);
      statement.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");

      // When
      Diagnosis diagnosis = checks.run(url, good);

      // Then
      assertThat(diagnosis.findings()).isEmpty();
      assertThat(diagnosis.conclusive(new Finding.Key(IssueCode.TABLE_MISSING, "public.orders")))
          .isFalse();
    }
  }

  @Test
  void aKnownToolsKeyIsAMigrationAtWorkAndAnUnknownOneAnApplications() throws SQLException {
    // Given
    PostgresUrl url = migrated();
    try (Connection prisma = TestDatabases.connect(url);
        Connection application = TestDatabases.connect(url);
        Statement ofPrisma = prisma.createStatement();
        Statement ofApplication = application.createStatement()) {
      ofApplication.execute("SELECT pg_advisory_lock(42)");
      Diagnosis quiet = checks.run(url);
      ofPrisma.execute("SELECT pg_advisory_lock(72707369)");

      // When
      Diagnosis diagnosis = checks.run(url);

      // Then
      assertThat(quiet.observation().orElseThrow().migrationAtWork()).isFalse();
      assertThat(diagnosis.observation().orElseThrow().migrationAtWork()).isTrue();
      assertThat(diagnosis.findings())
          .extracting(Checks::text)
          .containsExactly("lock.application 42");
    }
  }

  @Test
  void readsTheVersionOfAlembic() {
    // Given
    PostgresUrl url = migrated();

    // When
    HistoryState history = checks.run(url).observation().orElseThrow().history();

    // Then
    assertThat(history.tool()).contains("alembic");
    assertThat(history.version()).contains("005");
    assertThat(history.table()).contains("public.alembic_version");
  }

  @Test
  void namesTheGrantThatHelpsARoleWithoutRightsToReadTheVersion() {
    // Given
    PostgresUrl url = migrated();
    PostgresUrl monitor = TestDatabases.as(url, TestDatabases.role(url, "pg_monitor"));

    // When
    Diagnosis diagnosis = checks.run(monitor);

    // Then
    assertThat(diagnosis.findings())
        .singleElement()
        .returns(IssueCode.MIGRATION_HISTORY_MISSING, Finding::code)
        .extracting(Finding::message)
        .asString()
        .contains("unreadable", "GRANT SELECT ON public.alembic_version");
    assertThat(diagnosis.observation().orElseThrow().history().busy()).isFalse();
  }

  @Test
  void namesTheGrantsThatHelpWhereTheSchemaIsClosedToo() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(
        url,
        "CREATE SCHEMA app",
        "CREATE TABLE app.alembic_version (version_num varchar(32) PRIMARY KEY)");
    PostgresUrl monitor = TestDatabases.as(url, TestDatabases.role(url, "pg_monitor"));

    // When
    Diagnosis diagnosis = checks.run(monitor);

    // Then
    assertThat(diagnosis.findings())
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .contains("GRANT USAGE ON SCHEMA app", "GRANT SELECT ON app.alembic_version");
  }

  @Test
  void seesTheSameCatalogWithTheFewestRights() {
    // Given
    PostgresUrl url = migrated();
    PostgresUrl monitor = TestDatabases.as(url, TestDatabases.role(url, "pg_monitor"));
    Observation all = checks.run(url).observation().orElseThrow();

    // When
    Observation seen = checks.run(monitor).observation().orElseThrow();

    // Then
    assertThat(seen.catalog()).isEqualTo(all.catalog());
    assertThat(seen.identity()).isEqualTo(all.identity());
  }

  @Test
  void leavesOutWhatBelongsToExtensionsAndToPgmedic() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(
        url,
        "CREATE SCHEMA pgmedic_q_1234",
        "CREATE TABLE pgmedic_q_1234.kept (id int)",
        "CREATE EXTENSION IF NOT EXISTS pgcrypto",
        "CREATE TABLE users (id int)");

    // When
    Observation seen = checks.run(url).observation().orElseThrow();

    // Then
    assertThat(seen.catalog().objects())
        .extracting(CatalogObject::title)
        .containsExactlyInAnyOrder("table public.users", "column public.users.id");
  }

  private static PostgresUrl migrated() {
    PostgresUrl url = TestDatabases.fresh();
    List<String> statements =
        List.of(
            "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL,"
                + " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
            "INSERT INTO alembic_version VALUES ('005')",
            "CREATE TYPE status AS ENUM ('new', 'paid')",
            "CREATE TABLE users (id serial PRIMARY KEY, name text DEFAULT lower('Nobody'))",
            "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                + " owner int REFERENCES users, state status CHECK (state <> 'paid'))",
            "CREATE INDEX ON orders (lower(owner::text)) WHERE state = 'new'",
            "CREATE MATERIALIZED VIEW big_orders AS SELECT owner, count(*) FROM orders GROUP BY 1");
    TestDatabases.run(url, statements.toArray(String[]::new));
    return url;
  }
}
