package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A check reads catalogs that differ from version to version, and finds the same in all. */
@Timeout(120)
class ServerVersionsTest {

  private static final int SINCE_NOT_ENFORCED = 18;

  private static final String[] SCHEMA = {
    "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('005')",
    "CREATE TYPE state AS ENUM ('new', 'paid')",
    "CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,"
        + " upper_name text GENERATED ALWAYS AS (upper(name)) STORED)",
    "CREATE TABLE \"Order's\" (id int PRIMARY KEY, \"user\" int NOT NULL REFERENCES users,"
        + " state state NOT NULL DEFAULT 'new')",
    "CREATE INDEX by_state ON \"Order's\" (state) WHERE state <> 'paid'",
    "CREATE TABLE event (at date NOT NULL) PARTITION BY RANGE (at)",
    "CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "CREATE VIEW paid AS SELECT id FROM \"Order's\" WHERE state = 'paid'",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch()",
    "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON users USING (name = current_user)",
    "CREATE EXTENSION IF NOT EXISTS pgcrypto"
  };

  private static final String[] FAULTS = {
    "DROP TABLE event",
    "ALTER TYPE state ADD VALUE 'lost'",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_state'::regclass",
    "ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 100) NOT VALID",
    "CREATE VIEW stray AS SELECT id FROM users"
  };

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  static List<Integer> versions() {
    return PostgresServers.sample();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void findsTheSameOnEachVersion(int version) throws IOException, SQLException {
    try (EmbeddedPostgres server = PostgresServers.start(version)) {
      // Given
      PostgresUrl url = PostgresServers.url(server);
      TestDatabases.run(url, SCHEMA);
      KnownGood good = checks.knownGood(url);
      assertThat(checks.findings(url, good)).isEmpty();

      // When
      TestDatabases.run(url, FAULTS);
      try (Connection application = TestDatabases.connect(url);
          Statement statement = application.createStatement()) {
        statement.execute("SELECT pg_advisory_lock(4711)");

        // Then
        assertThat(checks.findings(url, good))
            .containsExactlyInAnyOrder(
                "lock.application 4711",
                "table.missing public.event",
                "enum.value-unexpected public.state",
                "index.invalid public.by_state",
                "schema.drift public.users.short",
                "schema.drift public.stray");
        statement.execute("BEGIN; LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");
        assertThat(checks.run(url, good).glance().orElseThrow().sight().atWork().orElseThrow())
            .contains("public.alembic_version is locked by session");
      }
    }
  }

  @Test
  void aConstraintThatIsNotEnforcedIsMeantSo() throws IOException {
    try (EmbeddedPostgres server = PostgresServers.start(SINCE_NOT_ENFORCED)) {
      // Given
      PostgresUrl url = PostgresServers.url(server);
      TestDatabases.run(
          url,
          "CREATE TABLE users (id int PRIMARY KEY)",
          "CREATE TABLE orders (owner int CONSTRAINT owned REFERENCES users NOT ENFORCED)");

      // When
      KnownGood good = checks.knownGood(url);
      Diagnosis first = checks.run(url);
      TestDatabases.run(url, "ALTER TABLE orders ALTER CONSTRAINT owned ENFORCED");

      // Then
      assertThat(first.findings()).isEmpty();
      assertThat(checks.findings(url, good)).containsExactly("schema.drift public.orders.owned");
    }
  }
}
