package dev.pgmedic.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever changes what is read of the catalog changes its stamp. */
@Timeout(120)
class CatalogStampTest {

  private static final List<String> CHANGES =
      List.of(
          "CREATE TABLE more (id int)",
          "DROP TABLE more",
          "ALTER TABLE orders RENAME TO orderings",
          "ALTER TABLE orderings RENAME TO orders",
          "ALTER TABLE orders ADD COLUMN more int",
          "ALTER TABLE orders RENAME COLUMN more TO less",
          "ALTER TABLE orders ALTER COLUMN less TYPE bigint",
          "ALTER TABLE orders ALTER COLUMN less SET NOT NULL",
          "ALTER TABLE orders ALTER COLUMN less SET DEFAULT 3",
          "ALTER TABLE orders ALTER COLUMN less SET DEFAULT 4",
          "ALTER TABLE orders DROP COLUMN less",
          "ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0) NOT VALID",
          "ALTER TABLE orders VALIDATE CONSTRAINT positive",
          "ALTER TABLE orders DROP CONSTRAINT positive",
          "CREATE INDEX by_note ON orders (note)",
          "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_note'::regclass",
          "DROP INDEX by_note",
          "ALTER TABLE orders OWNER TO pg_monitor",
          "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY mine ON orders USING (id > 0)",
          "ALTER POLICY mine ON orders USING (id > 1)",
          "CREATE VIEW bad AS SELECT id FROM orders",
          "CREATE OR REPLACE VIEW bad AS SELECT id + 1 - 1 AS id FROM orders",
          "CREATE TYPE mood AS ENUM ('ok', 'bad')",
          "ALTER TYPE mood ADD VALUE 'so so' BEFORE 'bad'",
          "ALTER TYPE mood RENAME VALUE 'so so' TO 'soso'",
          "ALTER TYPE mood RENAME TO temper",
          "CREATE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
          "CREATE TRIGGER one BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION one()",
          "ALTER TABLE orders DISABLE TRIGGER one",
          "CREATE OR REPLACE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
          "CREATE SEQUENCE alone",
          "ALTER SEQUENCE alone INCREMENT 2",
          "ALTER SEQUENCE alone OWNER TO pg_monitor",
          "ALTER SEQUENCE alone OWNED BY orders.note",
          "CREATE TABLE child () INHERITS (orders)",
          "ALTER TABLE child NO INHERIT orders",
          "CREATE SCHEMA apart",
          "ALTER TABLE child SET SCHEMA apart",
          "ALTER SCHEMA apart RENAME TO aside",
          "CREATE EXTENSION pgcrypto",
          "ALTER EXTENSION pgcrypto ADD TABLE aside.child");

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();

  @BeforeEach
  void create() {
    TestDatabases.run(url, "CREATE TABLE orders (id serial PRIMARY KEY, note text)");
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private String stamp() {
    return Session.open(vertx, url, Session.Settings.errand("stamp", Deadlines.DEFAULT))
        .compose(session -> CatalogStamp.read(session.connection()).eventually(session::close))
        .await();
  }

  @Test
  void movesWithEveryKindOfChange() {
    // Given
    List<String> unseen = new ArrayList<>();
    String before = stamp();

    // When
    for (String change : CHANGES) {
      TestDatabases.run(url, change);
      String after = stamp();
      if (after.equals(before)) {
        unseen.add(change);
      }
      before = after;
    }

    // Then
    assertThat(unseen).isEmpty();
  }
}
