package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Step;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What vanished, changed or was left behind is found once, by its cause; what was rebuilt is the
 * same again.
 */
@Timeout(90)
class BrokenSchemaTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Target target = Target.of("t", url);
  private KnownGood good;

  @BeforeEach
  void takeBaseline() throws IOException {
    TestDatabases.run(
        url,
        "CREATE TYPE mood AS ENUM ('ok', 'so so', 'bad')",
        "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL)",
        "CREATE TABLE \"Odd; DROP\" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"a.b\""
            + " text)",
        "CREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users, total"
            + " numeric(10,2) CHECK (total >= 0), mood mood DEFAULT 'ok', UNIQUE (user_id, total))",
        "CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE, n int)",
        "CREATE INDEX orders_bad ON orders (id) WHERE mood = 'bad'",
        "CREATE VIEW bad_orders AS SELECT o.id, u.name || '' AS who FROM orders o"
            + " JOIN users AS u ON u.id = o.user_id WHERE o.mood = 'bad'",
        "CREATE VIEW worst AS SELECT * FROM bad_orders WHERE id > 10",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN DELETE FROM lines; RETURN NEW; END'",
        "CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW"
            + " WHEN (OLD.total IS DISTINCT FROM NEW.total) EXECUTE FUNCTION touch()",
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY own ON orders USING (user_id > 0)");
    Observation seen = check(KnownGoodLookup.NONE).observation().orElseThrow();
    good =
        new KnownGood(
            KnownGood.Source.BASELINE,
            true,
            Optional.empty(),
            Instant.now(),
            seen.catalog(),
            SchemaDefinition.script(url, LIMIT),
            seen.rows(),
            Set.of(),
            List.of());
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Diagnosis check(KnownGoodLookup lookup) {
    return new DatabaseCheck(vertx, Clock.systemUTC(), Duration.ofSeconds(15))
        .run(target, lookup)
        .await();
  }

  private Diagnosis check() {
    return check(version -> Future.succeededFuture(Optional.of(good)));
  }

  private static List<String> found(Diagnosis diagnosis) {
    return diagnosis.findings().stream().map(f -> f.code() + " " + f.subject()).toList();
  }

  @Test
  void findsNothingWhereNothingChanged() {
    assertThat(found(check())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE orders CASCADE | table.missing public.orders",
        "DROP TABLE \"Odd; DROP\" | table.missing public.\"Odd; DROP\"",
        "DROP TYPE mood CASCADE | enum.missing public.mood",
        "ALTER TYPE mood ADD VALUE 'new' | enum.value-unexpected public.mood",
        "ALTER TYPE mood RENAME VALUE 'bad' TO 'awful' | enum.value-missing public.mood",
        "CREATE TYPE leftover AS ENUM ('a') | enum.leftover public.leftover",
        "CREATE TABLE more (id int) | schema.drift public.more",
        "ALTER TABLE users ADD COLUMN more int | schema.drift public.users.more",
        "ALTER TABLE users DROP COLUMN name CASCADE | schema.drift public.users.name",
        "ALTER TABLE users ALTER COLUMN name DROP NOT NULL | schema.drift public.users.name",
        "DROP INDEX orders_bad | schema.drift public.orders_bad",
        "DROP VIEW bad_orders CASCADE | schema.drift public.bad_orders",
        "DROP TRIGGER touched ON orders | schema.drift public.orders.touched",
        "DROP POLICY own ON orders | schema.drift public.orders.own",
        "ALTER TABLE orders DROP CONSTRAINT orders_total_check"
            + " | schema.drift public.orders.orders_total_check",
        "ALTER TABLE orders DISABLE ROW LEVEL SECURITY | schema.drift public.orders",
        "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL;"
            + " END' | schema.drift public.touch()",
      })
  void findsOneCauseOnce(String broken, String finding) {
    // Given
    TestDatabases.run(url, broken);

    // When
    Diagnosis diagnosis = check();

    // Then
    assertThat(found(diagnosis)).contains(finding);
    assertThat(found(diagnosis).stream().filter(f -> !f.startsWith("schema.drift")))
        .hasSizeLessThan(2);
    if (!broken.contains("DROP COLUMN")) {
      assertThat(found(diagnosis)).containsExactly(finding);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE orders CASCADE | table.missing",
        "DROP TABLE users CASCADE | table.missing",
        "DROP TABLE \"Odd; DROP\" | table.missing",
        "DROP TYPE mood CASCADE | enum.missing",
        "DROP TABLE users, orders, lines CASCADE | table.missing",
      })
  void isTheSameAgainOnceThePlanRan(String broken, String code) throws IOException {
    // Given
    TestDatabases.run(url, broken);
    Diagnosis diagnosis = check();
    assertThat(found(diagnosis)).allMatch(finding -> finding.startsWith(code));

    // When
    for (Step step : plan(diagnosis).steps()) {
      step.action()
          .statements()
          .ifPresent(sql -> TestDatabases.run(url, "BEGIN; " + sql + "; COMMIT"));
    }

    // Then
    assertThat(found(check())).isEmpty();
  }

  private RecoveryPlan plan(Diagnosis diagnosis) throws IOException {
    Planner planner =
        new Planner(
            target,
            diagnosis.observation().orElseThrow(),
            diagnosis.knownGood(),
            diagnosis.findings());
    String script = SchemaDefinition.missing(url, good.script(), planner.wanted(), LIMIT);
    PlanOutcome outcome = planner.plan(script);
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    return ((PlanOutcome.Planned) outcome).plan();
  }

  @Test
  void aPlanIsTheSameForTheSameFactsAndAnotherForOthers() throws IOException {
    // Given
    TestDatabases.run(url, "DROP TABLE orders CASCADE");
    RecoveryPlan first = plan(check());

    // When
    TestDatabases.run(url, "INSERT INTO users (name) VALUES ('a'), ('b')", "ANALYZE");
    RecoveryPlan again = plan(check());
    TestDatabases.run(url, "DROP TABLE lines");
    RecoveryPlan other = plan(check());

    // Then
    assertThat(again.digest()).isEqualTo(first.digest()).isEqualTo(again.recomputedDigest());
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(other.digest()).isNotEqualTo(first.digest());
    assertThat(other.fingerprint()).isNotEqualTo(first.fingerprint());
  }
}
