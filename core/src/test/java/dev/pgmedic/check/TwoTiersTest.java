package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A schema that did not change is not read again; one that did is, at the latest soon. */
@Timeout(180)
class TwoTiersTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private Optional<LastLook> memory = Optional.empty();

  @BeforeEach
  void migrate() {
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
        "INSERT INTO alembic_version VALUES ('005')",
        "CREATE TABLE orders (id serial PRIMARY KEY, note text)",
        "SELECT pg_stat_force_next_flush()");
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Diagnosis look() {
    return look(Clock.systemUTC());
  }

  private Diagnosis look(Clock clock) {
    Look look =
        new DatabaseCheck(vertx, clock, Checks.LOCK_PAUSE)
            .run(Target.of("t", url), KnownGoodLookup.NONE, memory)
            .await();
    memory = look.memory();
    return look.diagnosis();
  }

  private void lookOnce() {
    memory = Optional.of(look()).filter(seen -> seen.glance().isPresent()).flatMap(seen -> memory);
  }

  private boolean sees(Diagnosis diagnosis, String table) {
    return diagnosis.observation().orElseThrow().catalog().has(Kind.TABLE, table);
  }

  @Test
  void glancesAtASchemaThatDidNotChange() {
    // Given
    Observation first = look().observation().orElseThrow();

    // When
    Diagnosis second = look();

    // Then
    assertThat(second.observation()).isEmpty();
    assertThat(second.isQuiet()).isTrue();
    assertThat(second.glance().orElseThrow().stamp()).isEqualTo(first.stamp());
    assertThat(second.glance().orElseThrow().history()).isEqualTo(first.history());
  }

  @Test
  void readsTheSchemaOnceItChanged() {
    // Given
    lookOnce();
    lookOnce();
    TestDatabases.run(url, "DROP TABLE orders", "SELECT pg_stat_force_next_flush()");

    // When
    Diagnosis changed = look();

    // Then
    assertThat(sees(changed, "public.orders")).isFalse();
    assertThat(look().isQuiet()).isTrue();
  }

  @Test
  void hashesEachTimeWhereNobodyCounts() {
    // Given
    TestDatabases.run(url, "ALTER DATABASE " + url.database() + " SET track_counts = off");
    lookOnce();
    TestDatabases.run(url, "DROP TABLE orders", "SELECT pg_stat_force_next_flush()");

    // When
    Diagnosis changed = look();

    // Then
    assertThat(sees(changed, "public.orders")).isFalse();
  }

  @Test
  void believesTheCountersForNineLooksOnly() {
    // Given: a change that moves no counter
    lookOnce();
    TestDatabases.run(url, "SET track_counts = off", "DROP TABLE orders");
    for (int number = 1; number <= 9; number++) {
      assertThat(look().isQuiet()).as("look %d", number).isTrue();
    }

    // When
    Diagnosis tenth = look();

    // Then
    assertThat(sees(tenth, "public.orders")).isFalse();
  }

  @Test
  void countsRowsEveryTenMinutesAlthoughTheSchemaStaysTheSame() {
    // Given
    lookOnce();
    TestDatabases.run(
        url, "INSERT INTO orders (note) SELECT 'x' FROM generate_series(1, 100)", "ANALYZE orders");
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10));

    // When
    Diagnosis early = look();
    Diagnosis counting = look(later);
    Diagnosis after = look(later);

    // Then
    assertThat(early.isQuiet()).isTrue();
    assertThat(counting.observation()).isEmpty();
    assertThat(counting.isQuiet()).isFalse();
    assertThat(counting.seen().orElseThrow().rows().get("public.orders").rows()).isEqualTo(100);
    assertThat(after.isQuiet()).isTrue();
  }

  @Test
  void doesNotTakeAnApplicationsDayForAChange() throws SQLException {
    // Given
    lookOnce();
    try (Connection application = TestDatabases.connect(url);
        Statement statement = application.createStatement()) {
      statement.execute("INSERT INTO orders (note) SELECT 'x' FROM generate_series(1, 100)");
      statement.execute("CREATE TEMPORARY TABLE basket (id serial PRIMARY KEY, note text)");
      statement.execute("TRUNCATE orders RESTART IDENTITY");
      statement.execute("VACUUM ANALYZE");
      statement.execute("SELECT pg_stat_reset()");

      // When
      Diagnosis diagnosis = look();

      // Then
      assertThat(diagnosis.isQuiet()).isTrue();
    }
  }

  @Test
  void leavesTheSchemaAloneWhileAMigrationIsAtWork() throws SQLException {
    // Given
    lookOnce();
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      migration.setAutoCommit(false);
      statement.execute("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");
      TestDatabases.run(url, "CREATE TABLE basket (id int)", "SELECT pg_stat_force_next_flush()");

      // When
      Diagnosis during = look();
      migration.rollback();
      Diagnosis after = look();

      // Then
      assertThat(during.observation()).isEmpty();
      assertThat(during.isQuiet()).isFalse();
      assertThat(sees(after, "public.basket")).isTrue();
    }
  }

  @Test
  void readsTheSchemaWhenTheVersionMovesAlone() {
    // Given
    lookOnce();
    TestDatabases.run(url, "UPDATE alembic_version SET version_num = '006'");

    // When
    Diagnosis moved = look();

    // Then
    assertThat(moved.observation().orElseThrow().history().version()).contains("006");
    assertThat(look().isQuiet()).isTrue();
  }

  @Test
  void readsTheSchemaOfAnotherDatabaseAtTheSameUrl() {
    // Given
    lookOnce();
    PostgresUrl postgres = url.withDatabase("postgres");
    TestDatabases.run(
        postgres,
        "DROP DATABASE " + url.database() + " WITH (FORCE)",
        "CREATE DATABASE " + url.database());

    // When
    Diagnosis another = look();

    // Then
    assertThat(another.observation().orElseThrow().catalog().objects()).isEmpty();
  }
}
