package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.PgBouncer;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A target may be checked through a pooler, which is then as it was before. */
@Timeout(180)
class PooledTargetTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private Optional<LastLook> memory = Optional.empty();

  static List<PgBouncer.Settings> poolers() {
    return List.of(
        PgBouncer.Settings.TRANSACTION,
        new PgBouncer.Settings(
            "transaction",
            List.of(
                "extra_float_digits",
                "search_path",
                "statement_timeout",
                "lock_timeout",
                "jit",
                "default_transaction_read_only")));
  }

  @BeforeEach
  void migrate() {
    assumeThat(PgBouncer.program())
        .as("PgBouncer is not installed here (Debian's package is called pgbouncer)")
        .isPresent();
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)",
        "INSERT INTO alembic_version VALUES ('005')",
        "CREATE TYPE mood AS ENUM ('ok', 'bad')",
        "CREATE TABLE orders (id serial PRIMARY KEY, mood mood DEFAULT 'ok')",
        "SELECT pg_stat_force_next_flush()");
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static String settingsOfTheNextClient(PgBouncer pooler) throws SQLException {
    try (Connection client = pooler.client();
        Statement statement = client.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT concat_ws(' ', current_setting('search_path'),"
                    + " current_setting('statement_timeout'), current_setting('lock_timeout'),"
                    + " current_setting('transaction_read_only'))")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private Diagnosis look(PostgresUrl as) {
    Look look =
        new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE)
            .run(Target.of("t", as), KnownGoodLookup.NONE, memory)
            .await();
    memory = look.memory();
    return look.diagnosis();
  }

  @ParameterizedTest
  @MethodSource("poolers")
  void isSeenAsWithoutIt(PgBouncer.Settings settings) throws IOException, SQLException {
    // Given
    Observation direct = new Checks(vertx).run(url).observation().orElseThrow();
    try (PgBouncer pooler = PgBouncer.inFrontOf(url, settings)) {
      // When
      Diagnosis first = look(pooler.url());
      Diagnosis second = look(pooler.url());
      TestDatabases.run(url, "DROP TABLE orders", "SELECT pg_stat_force_next_flush()");
      Diagnosis third = look(pooler.url());

      // Then
      assertThat(first.findings()).isEmpty();
      Observation seen = first.observation().orElseThrow();
      assertThat(seen.catalog()).isEqualTo(direct.catalog());
      assertThat(seen.history()).isEqualTo(direct.history());
      assertThat(second.isQuiet()).isTrue();
      assertThat(third.observation().orElseThrow().catalog().has(Kind.TABLE, "public.orders"))
          .isFalse();
      assertThat(settingsOfTheNextClient(pooler)).isEqualTo("\"$user\", public 0 0 off");
    }
  }
}
