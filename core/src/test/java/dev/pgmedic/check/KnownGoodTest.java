package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One cause is one finding, whatever a CASCADE took along. */
@Timeout(180)
class KnownGoodTest {

  private static final String[] SHOP = {
    "CREATE TYPE state AS ENUM ('new', 'paid', 'sent')",
    "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', spare int)",
    "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        + " owner int NOT NULL CONSTRAINT owned REFERENCES users ON DELETE CASCADE,"
        + " state state NOT NULL DEFAULT 'new' CONSTRAINT sane CHECK (state <> 'paid' OR id > 0),"
        + " note text CONSTRAINT short CHECK (length(note) < 100))",
    "CREATE INDEX by_state ON orders (state, id) WHERE state <> 'sent'",
    "CREATE INDEX by_note ON orders (lower(note))",
    "CREATE TABLE items (id int PRIMARY KEY, order_id bigint CONSTRAINT of_order REFERENCES"
        + " orders)",
    "CREATE VIEW open_orders AS SELECT o.id, u.name FROM orders o JOIN users u ON u.id = o.owner"
        + " WHERE o.state = 'new'",
    "CREATE VIEW open_names AS SELECT DISTINCT name FROM open_orders",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
    "CREATE FUNCTION label(s state) RETURNS text LANGUAGE sql AS $$SELECT s::text$$",
    "CREATE FUNCTION whole() RETURNS SETOF orders LANGUAGE sql AS $$SELECT * FROM orders$$",
    "CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW"
        + " WHEN (OLD.note IS DISTINCT FROM NEW.note) EXECUTE FUNCTION touch()",
    "CREATE POLICY own ON orders USING (owner = 1)"
  };

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private PostgresUrl url;
  private KnownGood good;

  @BeforeEach
  void takeKnownGood() {
    url = TestDatabases.fresh();
    TestDatabases.run(url, SHOP);
    good = checks.knownGood(url);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DROP TABLE orders CASCADE             | table.missing public.orders
          DROP TABLE users CASCADE              | table.missing public.users
          DROP TABLE items                      | table.missing public.items
          DROP TYPE state CASCADE               | enum.missing public.state
          ALTER TYPE state ADD VALUE 'returned' | enum.value-unexpected public.state
          ALTER TYPE state RENAME VALUE 'new' TO 'fresh' | enum.value-missing public.state
          ALTER TYPE state RENAME TO other      | enum.missing public.state
          CREATE TYPE left_over AS ENUM ('a')   | enum.leftover public.left_over
          CREATE TABLE extra (id serial PRIMARY KEY) | schema.drift public.extra
          CREATE VIEW extra AS SELECT 1 AS one  | schema.drift public.extra
          ALTER TABLE users ADD COLUMN extra int | schema.drift public.users.extra
          DROP INDEX by_state                   | schema.drift public.by_state
          ALTER TABLE items DROP CONSTRAINT of_order | schema.drift public.items.of_order
          DROP VIEW open_orders CASCADE         | schema.drift public.open_orders
          DROP TRIGGER touched ON orders        | schema.drift public.orders.touched
          DROP FUNCTION touch() CASCADE         | schema.drift public.touch()
          DROP POLICY own ON orders             | schema.drift public.orders.own
          ALTER TABLE users DROP COLUMN spare   | schema.drift public.users.spare
          ALTER TABLE users DROP COLUMN name CASCADE | schema.drift public.users.name
          ALTER TABLE orders DROP COLUMN note CASCADE | schema.drift public.orders.note
          ALTER TABLE orders DROP COLUMN state CASCADE | schema.drift public.orders.state
          ALTER TABLE users ALTER COLUMN name DROP DEFAULT | schema.drift public.users.name
          ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x' | schema.drift public.users.name
          ALTER TABLE users ALTER COLUMN spare TYPE bigint | schema.drift public.users.spare
          ALTER TABLE orders ALTER state SET DEFAULT 'sent' | schema.drift public.orders.state
          ALTER TABLE orders DISABLE TRIGGER touched | schema.drift public.orders.touched
          """)
  void oneCauseIsOneFinding(String change, String finding) {
    // Given
    String renamedTypeIsUsed = "enum.missing public.state";

    // When
    TestDatabases.run(url, change);

    // Then
    assertThat(checks.findings(url, good))
        .filteredOn(found -> !change.contains("RENAME TO") || found.equals(renamedTypeIsUsed))
        .containsExactly(finding);
  }

  @Test
  void nothingIsFoundWhereNothingChanged() {
    // Given
    TestDatabases.run(url, "INSERT INTO users (name) VALUES ('a'), ('b')", "ANALYZE");

    // When
    var findings = checks.findings(url, good);

    // Then
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'new', 'sent'                  | enum.value-missing public.state
          'new', 'sent', 'other'         | enum.value-missing public.state
          'new', 'paid', 'sent', 'extra' | enum.value-unexpected public.state
          'paid', 'new', 'sent'          | enum.order public.state
          """)
  void labelsThatDifferAreOneFinding(String labels, String finding) {
    // Given
    TestDatabases.run(url, "DROP TABLE orders CASCADE", "DROP TYPE state CASCADE");
    KnownGood plain = plain("'new', 'paid', 'sent'");

    // When
    TestDatabases.run(
        url,
        "ALTER TABLE plain ALTER COLUMN state TYPE text",
        "DROP TYPE state",
        "CREATE TYPE state AS ENUM (" + labels + ")",
        "ALTER TABLE plain ALTER COLUMN state TYPE state USING state::state");

    // Then
    assertThat(checks.findings(url, plain)).containsExactly(finding);
  }

  private KnownGood plain(String labels) {
    TestDatabases.run(
        url,
        "CREATE TYPE state AS ENUM (" + labels + ")",
        "CREATE TABLE plain (id int, state state)");
    return checks.knownGood(url);
  }

  @Test
  void twoCausesAreTwoFindings() {
    // Given
    String first = "DROP TABLE items";

    // When
    TestDatabases.run(url, first, "DROP INDEX by_note");

    // Then
    assertThat(checks.findings(url, good))
        .containsExactlyInAnyOrder("table.missing public.items", "schema.drift public.by_note");
  }
}
