package dev.pgmedic.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.lock.LockNotAvailable;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.quarantine.Quarantines.Order;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lies in quarantine is told, and destroyed on a person's word alone, with nothing else. */
@Timeout(180)
class QuarantinesTest {

  private static final String SCHEMA = "pgmedic_q_1a";

  private static final String[] HELD = {
    "CREATE TABLE users (id int PRIMARY KEY)",
    "INSERT INTO users VALUES (1)",
    "CREATE SCHEMA pgmedic_q_1a",
    "CREATE SCHEMA pgmedic_q_2b",
    "SET search_path = pgmedic_q_1a",
    "CREATE TYPE \"it's; DROP TABLE public.users\" AS ENUM ('a')",
    "CREATE TYPE pair AS (a int, b int)",
    "CREATE TABLE \"we\"\"ird; DROP TABLE public.users--\" (id serial PRIMARY KEY,"
        + " state \"it's; DROP TABLE public.users\", twin pair,"
        + " owner int CONSTRAINT out REFERENCES public.users)",
    "INSERT INTO \"we\"\"ird; DROP TABLE public.users--\" (id) SELECT generate_series(1, 30)",
    "CREATE TABLE a (id int PRIMARY KEY, b int)",
    "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)",
    "ALTER TABLE a ADD CONSTRAINT there FOREIGN KEY (b) REFERENCES b",
    "CREATE VIEW v AS SELECT count(*) FROM \"we\"\"ird; DROP TABLE public.users--\"",
    "CREATE MATERIALIZED VIEW m AS SELECT * FROM v",
    "CREATE SEQUENCE s",
    "CREATE DOMAIN d AS int",
    "CREATE FUNCTION f(d, pair) RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'",
    "CREATE TABLE p (id int) PARTITION BY LIST (id)",
    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
    "CREATE STATISTICS together ON a, id FROM b",
    "ANALYZE \"we\"\"ird; DROP TABLE public.users--\""
  };

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Quarantines quarantines = new Quarantines(vertx);
  private final Target target =
      new Target(
          "shop",
          url,
          Map.of(),
          Migrations.DETECTED,
          Expectation.NONE,
          Optional.empty(),
          Target.DEFAULT_CHECK_EVERY,
          new Deadlines(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMillis(500),
              Duration.ofSeconds(30),
              Duration.ofSeconds(30),
              Duration.ofSeconds(60),
              Duration.ofMinutes(10)));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private QuarantineSchema shown() {
    return quarantines.list(target).await().stream()
        .filter(held -> held.schema().equals(SCHEMA))
        .findFirst()
        .orElseThrow();
  }

  private QuarantineSchema empty(Optional<String> digest) {
    Order order = new Order(SCHEMA, digest, "root");
    return quarantines.empty(target, url, order, Future::succeededFuture).await();
  }

  private List<String> schemas() {
    return TestDatabases.query(
        url, "SELECT nspname FROM pg_namespace WHERE nspname ~ '^pgmedic' ORDER BY 1");
  }

  @Test
  void whatLiesThereIsToldAndRowsOfWhatWasAnalysed() {
    // Given
    TestDatabases.run(url, HELD);

    // When
    List<QuarantineSchema> listed = quarantines.list(target).await();

    // Then
    assertThat(listed).extracting(QuarantineSchema::schema).containsExactly(SCHEMA, "pgmedic_q_2b");
    assertThat(listed.get(1).objects()).isEmpty();
    assertThat(listed.get(0).neededBy()).isEmpty();
    assertThat(listed.get(0).objects())
        .extracting(Held::title)
        .contains(
            "table pgmedic_q_1a.\"we\"\"ird; DROP TABLE public.users--\"",
            "type pgmedic_q_1a.\"it's; DROP TABLE public.users\"",
            "view pgmedic_q_1a.v")
        .hasSize(13);
    assertThat(listed.get(0).objects().stream().flatMap(held -> held.rowsEstimate().stream()))
        .containsExactly(30L);
  }

  @Test
  void itIsDestroyedWithAllThatItHoldsAndNothingElse() {
    // Given
    TestDatabases.run(url, HELD);

    // When
    QuarantineSchema gone = empty(Optional.of(shown().digest()));

    // Then
    assertThat(gone.objects()).hasSize(13);
    assertThat(schemas()).containsExactly("pgmedic_q_2b");
    assertThat(TestDatabases.query(url, "SELECT id FROM public.users")).containsExactly("1");
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE VIEW outside AS SELECT * FROM pgmedic_q_1a.a               | view public.outside
          CREATE TABLE outside (a int REFERENCES pgmedic_q_1a.a)            | table public.outside
          CREATE TABLE outside (p pgmedic_q_1a.pair[])                      | table public.outside
          CREATE TABLE outside () INHERITS (pgmedic_q_1a.b)                 | table public.outside
          CREATE TABLE outside (i int DEFAULT nextval('pgmedic_q_1a.s'))    | table public.outside
          CREATE FUNCTION outside(pgmedic_q_1a.d) RETURNS int LANGUAGE sql AS 'SELECT 1' \
          | public.outside
          CREATE PUBLICATION outside FOR TABLE pgmedic_q_1a.a               | in publication outside
          """)
  void whatSomethingOutsideRestsOnStays(String statement, String who) {
    // Given
    TestDatabases.run(url, HELD);
    TestDatabases.run(url, statement);

    // When
    List<String> neededBy = shown().neededBy();

    // Then
    assertThat(neededBy).singleElement().asString().contains(who);
    assertThatThrownBy(() -> empty(Optional.empty()))
        .isInstanceOf(QuarantineRefused.class)
        .hasMessageContaining(who);
    assertThat(schemas()).contains(SCHEMA);
    assertThat(shown().objects()).hasSize(13);
  }

  @Test
  void whatWasNotShownIsNotDestroyed() {
    // Given
    TestDatabases.run(url, HELD);
    String digest = shown().digest();
    TestDatabases.run(url, "CREATE TABLE pgmedic_q_1a.more (id int)");

    // When
    assertThatThrownBy(() -> empty(Optional.of(digest)))
        // Then
        .isInstanceOf(QuarantineRefused.class)
        .hasMessageContaining("other objects");
    assertThat(shown().objects()).hasSize(14);
    assertThatThrownBy(() ->
            quarantines
                .empty(
                    target,
                    url,
                    new Order("public", Optional.empty(), "root"),
                    () -> Future.failedFuture("a witness of nothing"))
                .await())
        .isInstanceOf(QuarantineRefused.class)
        .hasMessageContaining("expected one that is in quarantine")
        .hasMessageContaining("found public");
  }

  @Test
  void whatNobodyWitnessesIsNotDestroyed() {
    // Given
    TestDatabases.run(url, HELD);
    Order order = new Order(SCHEMA, Optional.empty(), "root");

    // When
    assertThatThrownBy(() ->
            quarantines.empty(target, url, order, () -> Future.failedFuture("no audit")).await())
        // Then
        .hasMessageContaining("no audit");
    assertThat(shown().objects()).hasSize(13);
  }

  @Test
  void nothingIsDestroyedWhereARolesCodeWouldRunWithOurRights() {
    // Given
    TestDatabases.run(url, HELD);
    String role = TestDatabases.role(url);
    TestDatabases.run(
        url,
        "CREATE FUNCTION lurk() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "ALTER FUNCTION lurk() OWNER TO " + role,
        "CREATE EVENT TRIGGER lurking ON sql_drop EXECUTE FUNCTION lurk()");

    // When
    assertThatThrownBy(() -> empty(Optional.empty()))
        // Then
        .isInstanceOf(QuarantineRefused.class)
        .hasMessageContaining("\"lurking\" of \"" + role + "\"");
    assertThat(shown().objects()).hasSize(13);
  }

  @Test
  void whoMigratesKeepsItFromBeingEmptied() throws SQLException {
    // Given
    TestDatabases.run(url, HELD);
    try (Connection migration = TestDatabases.connect(url);
        Statement statement = migration.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");

      // When
      assertThatThrownBy(() -> empty(Optional.empty()))
          // Then
          .isInstanceOf(LockNotAvailable.class);
    }
    assertThat(shown().objects()).hasSize(13);
  }
}
