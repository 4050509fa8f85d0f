package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A check works during the incident: while a migration holds the strongest lock on everything. */
@Timeout(180)
class LockedTargetTest {

  private static final String LOCK_EVERYTHING =
      """
      DO $$ BEGIN
        EXECUTE (SELECT 'LOCK TABLE ' || string_agg(c.oid::regclass::text, ', ')
                        || ' IN ACCESS EXCLUSIVE MODE'
                 FROM pg_class c
                 WHERE c.relkind IN ('r', 'v') AND c.relnamespace = 'public'::regnamespace);
      END $$
      """;

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Diagnosis check(PostgresUrl as) {
    return new DatabaseCheck(vertx, Clock.systemUTC(), Duration.ofSeconds(15))
        .run(Target.of("t", as), KnownGoodLookup.NONE)
        .await();
  }

  private void migrate() {
    migrate("alembic");
  }

  private void migrate(String tool) {
    TestDatabases.run(
        url,
        SqlResource.read(TestDatabases.class, "history/" + tool + ".sql"),
        "CREATE TYPE mood AS ENUM ('ok', 'bad')",
        "CREATE TABLE orders (id serial PRIMARY KEY, mood mood DEFAULT 'ok', CHECK (id > 0))",
        "CREATE VIEW bad_orders AS SELECT * FROM orders WHERE mood = 'bad'",
        "CREATE INDEX orders_bad ON orders (id) WHERE mood = 'bad'");
  }

  @Test
  void seesEverythingButTheVersionAndWaitsForNothing() throws SQLException {
    // Given
    migrate();
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      migration.setAutoCommit(false);
      statement.execute("LOCK TABLE alembic_version, orders, bad_orders IN ACCESS EXCLUSIVE MODE");

      // When
      Diagnosis diagnosis = check(url);

      // Then
      Observation seen = diagnosis.observation().orElseThrow();
      assertThat(seen.catalog().objects()).hasSizeGreaterThan(9);
      assertThat(seen.history().tool()).contains("alembic");
      assertThat(seen.history().busy()).isTrue();
      assertThat(seen.migrationAtWork()).isTrue();
      assertThat(diagnosis.findings()).isEmpty();
      assertThat(diagnosis.duration()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void takesNoLockOnAUsersRelation() throws SQLException {
    // Given: what a reader holds to the end of its transaction would stop the ALTER TABLE
    migrate();
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      migration.setAutoCommit(false);

      // When
      Diagnosis diagnosis = check(url);
      statement.execute("SET LOCAL lock_timeout = '100ms'");
      statement.execute("ALTER TABLE orders ADD COLUMN note text");

      // Then
      assertThat(diagnosis.observation().orElseThrow().history().version()).contains("005");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alembic",
        "django",
        "flyway",
        "golang-migrate",
        "knex",
        "liquibase",
        "prisma",
        "rails"
      })
  void addsNoWaiterToTheQueueOfALockedTable(String tool) throws SQLException {
    // Given: a server that writes down whoever waits for a lock at all
    migrate(tool);
    TestDatabases.run(
        url,
        "ALTER DATABASE " + url.database() + " SET log_lock_waits = on",
        "ALTER DATABASE " + url.database() + " SET deadlock_timeout = '1ms'");
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), Duration.ofSeconds(15));
    Target target = Target.of("t", url);
    Look before = check.run(target, KnownGoodLookup.NONE, Optional.empty()).await();
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      migration.setAutoCommit(false);
      statement.execute(LOCK_EVERYTHING);

      // When
      Look whole = check.run(target, KnownGoodLookup.NONE, Optional.empty()).await();
      Look glance = check.run(target, KnownGoodLookup.NONE, before.memory()).await();
      List<String> ofChecks = waits();
      assertThatThrownBy(() -> TestDatabases.run(url, "SET lock_timeout = '50ms'", "TABLE orders"))
          .hasMessageContaining("lock timeout");

      // Then
      assertThat(ofChecks).isEmpty();
      assertThat(waits()).as("who does wait is written down").isNotEmpty();
      assertThat(whole.diagnosis().observation()).isPresent();
      assertThat(glance.diagnosis().observation()).isEmpty();
      assertThat(List.of(whole, glance))
          .allSatisfy(look -> saysWhoBlocks(look, tool, TestDatabases.pid(migration)));
    }
  }

  private List<String> waits() {
    return TestDatabases.log(url).stream().filter(line -> line.contains("still waiting")).toList();
  }

  private static void saysWhoBlocks(Look look, String tool, int pid) {
    Glance seen = look.diagnosis().glance().orElseThrow();
    assertThat(seen.history().tool()).contains(tool);
    assertThat(seen.migrationAtWork()).isTrue();
    assertThat(seen.sight().atWork().orElseThrow())
        .contains(seen.history().table().orElseThrow() + " is locked by session " + pid);
    assertThat(look.diagnosis().findings()).isEmpty();
    assertThat(look.diagnosis().duration()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aLockOnTheServersOwnCatalogIsSlowAndNoOutage() throws SQLException {
    // Given
    migrate();
    try (Connection vacuum = TestDatabases.connect(url);
        Statement statement = vacuum.createStatement()) {
      vacuum.setAutoCommit(false);
      statement.execute("LOCK TABLE pg_enum IN ACCESS EXCLUSIVE MODE");

      // When
      Diagnosis diagnosis = check(url);

      // Then
      assertThat(diagnosis.findings())
          .singleElement()
          .returns("connection.slow", finding -> finding.code().toString())
          .returns("query", finding -> finding.evidence().get("stage"))
          .extracting(finding -> finding.evidence().get("reason"))
          .asString()
          .contains("pg_enum is locked by session " + TestDatabases.pid(vacuum));
      assertThat(diagnosis.duration()).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void saysWhichRightItLacksToReadTheVersion() {
    // Given
    migrate();
    TestDatabases.run(
        url,
        "DO $$ BEGIN CREATE ROLE onlooker LOGIN IN ROLE pg_monitor;"
            + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
    PostgresUrl onlooker =
        new PostgresUrl(
            url.host(), url.port(), url.database(), "onlooker", url.password(), url.parameters());

    // When
    Diagnosis diagnosis = check(onlooker);

    // Then
    assertThat(diagnosis.observation().orElseThrow().history().unreadable().orElseThrow())
        .contains("GRANT SELECT ON public.alembic_version");
    assertThat(diagnosis.findings())
        .extracting(finding -> finding.code().toString())
        .containsExactly("migration.history-missing");
  }
}
