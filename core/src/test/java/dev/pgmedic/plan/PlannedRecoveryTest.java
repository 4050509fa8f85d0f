package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.plan.action.EnsureEnum;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan shows is run word for word, and everything is as it was. */
@Timeout(180)
class PlannedRecoveryTest {

  private static final String[] SHOP = {
    "CREATE TYPE state AS ENUM ('new', 'it''s \"paid\"', 'geschäft ✓')",
    "CREATE TABLE users (gone int, id serial PRIMARY KEY, name text NOT NULL DEFAULT 'nobody')",
    "ALTER TABLE users DROP COLUMN gone, ADD COLUMN mail text UNIQUE",
    "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        + " owner int NOT NULL CONSTRAINT owned REFERENCES users ON DELETE CASCADE,"
        + " state state NOT NULL DEFAULT 'new' CONSTRAINT sane CHECK (state <> 'new' OR id > 0),"
        + " note text CONSTRAINT short CHECK (length(note) < 100))",
    "CREATE INDEX by_state ON orders (state, id) WHERE state <> 'new'",
    "CREATE INDEX by_note ON orders (lower(note))",
    "CREATE TABLE items (id int PRIMARY KEY,"
        + " order_id bigint CONSTRAINT \"of; order\" REFERENCES orders)",
    "CREATE VIEW open_orders AS SELECT o.id AS \"the id\", u.name FROM orders o"
        + " JOIN users u ON u.id = o.owner WHERE o.state = 'new'",
    "CREATE VIEW open_names AS SELECT DISTINCT name FROM open_orders",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
        + " $$BEGIN DELETE FROM items WHERE false; RETURN NEW; END$$",
    "CREATE FUNCTION label(s state) RETURNS text LANGUAGE sql AS $$SELECT s::text$$",
    "CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW"
        + " WHEN (OLD.note IS DISTINCT FROM NEW.note) EXECUTE FUNCTION touch()",
    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON orders USING (owner = 1)",
    "COMMENT ON TABLE orders IS 'DROP TABLE users; -- it''s a comment'"
  };

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aNewRowIsNotTheOneThatAnOldReferenceMeans() throws SQLException {
    // Given: items name orders and orders name users that are gone
    TestDatabases.run(url, SHOP);
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(
        url,
        "INSERT INTO users (name) SELECT 'u' FROM generate_series(1, 40)",
        "INSERT INTO orders (owner) SELECT n FROM generate_series(1, 40) n",
        "INSERT INTO items SELECT n, n FROM generate_series(1, 30) n",
        "DROP TABLE orders, users CASCADE");

    // When
    run(planned(good));
    TestDatabases.run(
        url,
        "INSERT INTO users (name) VALUES ('new')",
        "INSERT INTO orders (owner) SELECT id FROM users");

    // Then: nothing names a user any more, and 30 is the newest order that an item names
    assertThat(TestDatabases.query(url, "SELECT id || ' ' || owner FROM orders"))
        .containsExactly("31 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE orders CASCADE",
        "DROP TABLE users CASCADE",
        "DROP TABLE items",
        "DROP TABLE items, orders, users CASCADE",
        "DROP TYPE state CASCADE",
        "DROP TABLE orders CASCADE; DROP TYPE state CASCADE",
        "CREATE TYPE left_over AS ENUM ('a')",
      })
  void thePlansSqlHealsWhatBroke(String breakage) throws SQLException {
    // Given
    TestDatabases.run(url, SHOP);
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, breakage);
    RecoveryPlan plan = planned(good);

    // When
    run(plan);

    // Then
    assertThat(checks.findings(url, good)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'c'                | a,b,c,d
          'b', 'c'           | a,b,c,d
          'x', 'c', 'a'      | x,c,d,a,b
          'd', 'c', 'y', 'b' | a,d,c,y,b
          """)
  void labelsThatAreMissingAreAddedAmongThoseThatStay(String present, String after)
      throws SQLException {
    // Given
    TestDatabases.run(url, "CREATE TYPE state AS ENUM ('a', 'b', 'c', 'd')");
    TestDatabases.run(url, "CREATE TABLE plain (state state)");
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE plain", "DROP TYPE state");
    TestDatabases.run(
        url, "CREATE TYPE state AS ENUM (" + present + ")", "CREATE TABLE plain (state state)");
    RecoveryPlan plan = planned(good);

    // When
    run(plan);

    // Then
    assertThat(checks.findings(url, good))
        .noneMatch(finding -> finding.startsWith("enum.value-missing"));
    EnsureEnum labels = (EnsureEnum) plan.steps().get(0).action();
    assertThat(labels.wanted()).containsExactly(after.split(","));
    assertThat(TestDatabases.query(url, "SELECT unnest(enum_range(NULL::state))"))
        .isEqualTo(labels.wanted());
  }

  @Test
  void rowsThatPointAtLostRowsStayAndTheirKeyIsNotValid() throws SQLException {
    // Given
    TestDatabases.run(url, SHOP);
    TestDatabases.run(
        url,
        "INSERT INTO users (name, mail) VALUES ('a', 'a@b')",
        "INSERT INTO orders (owner) VALUES (1)",
        "INSERT INTO items VALUES (7, 1)");
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE orders CASCADE");
    RecoveryPlan plan = planned(good);

    // When
    run(plan);

    // Then
    assertThat(TestDatabases.query(url, "SELECT id || ' ' || order_id FROM items"))
        .containsExactly("7 1");
    assertThat(checks.findings(url, good))
        .containsExactly("constraint.not-valid public.items.\"of; order\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "we\"ird; DROP TABLE users--",
        "a.b",
        "Upper Case",
        "x $pgmedic$ END; DROP TABLE users; --",
        "ALTER",
        "it's"
      })
  void hostileNamesOfTablesAreRebuiltAndHarmNobody(String name) throws SQLException {
    // Given
    String table = "\"" + name.replace("\"", "\"\"") + "\"";
    TestDatabases.run(
        url,
        "CREATE SCHEMA \"My.Schema\"",
        "CREATE TABLE users (id int PRIMARY KEY)",
        "INSERT INTO users VALUES (1)",
        "CREATE TABLE \"My.Schema\"." + table + " (id int PRIMARY KEY)",
        "CREATE INDEX \"on\" ON \"My.Schema\"." + table + " ((id + 1))",
        "CREATE TABLE linked (it int CONSTRAINT "
            + table
            + " REFERENCES \"My.Schema\"."
            + table
            + ")",
        "INSERT INTO \"My.Schema\"." + table + " VALUES (1)",
        "INSERT INTO linked VALUES (1)");
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE \"My.Schema\"." + table + " CASCADE", "DELETE FROM linked");
    RecoveryPlan plan = planned(good);

    // When
    run(plan);

    // Then
    assertThat(checks.findings(url, good)).isEmpty();
    assertThat(TestDatabases.query(url, "SELECT id FROM users")).containsExactly("1");
  }

  @Test
  void aNameThatCouldEndACommentOfTheGeneratedSqlIsRefused() {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE linked (id int CONSTRAINT \"x\nGRANT ALL ON users TO PUBLIC; --\""
            + " REFERENCES users)");
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE users CASCADE");

    // When
    PlanOutcome outcome = outcome(good);

    // Then
    assertThat(outcome).isInstanceOf(PlanOutcome.NotHealable.class);
  }

  @Test
  void aTypeThatIsMovedOutOfTheWayKeepsItsLabels() throws SQLException {
    // Given
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, "CREATE TYPE \"left\"\"over; DROP\" AS ENUM ('it''s', '✓')");
    RecoveryPlan plan = planned(good);

    // When
    run(plan);

    // Then
    assertThat(
            TestDatabases.query(
                url,
                "SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum e"
                    + " JOIN pg_type t ON t.oid = enumtypid JOIN pg_namespace n"
                    + " ON n.oid = typnamespace WHERE nspname ~ '^pgmedic_q_'"))
        .containsExactly("it's,✓");
  }

  private PlanOutcome outcome(KnownGood good) {
    Target target = Target.of("test", url);
    Diagnosis diagnosis = checks.run(url, good);
    Planner planner = Proposer.planner(target, diagnosis, diagnosis.findings()).orElseThrow();
    return new Proposer(vertx).plan(target, diagnosis, planner).await();
  }

  private RecoveryPlan planned(KnownGood good) {
    PlanOutcome outcome = outcome(good);
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    return ((PlanOutcome.Planned) outcome).plan();
  }

  private void run(RecoveryPlan plan) throws SQLException {
    List<String> scripts =
        plan.steps().stream().flatMap(step -> step.action().statements().stream()).toList();
    try (Connection connection = TestDatabases.connect(url);
        Statement statement = connection.createStatement()) {
      for (String script : scripts) {
        statement.execute("BEGIN");
        statement.execute(script);
        statement.execute("COMMIT");
      }
    }
  }
}
