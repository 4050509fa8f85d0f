package dev.pgmedic.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same objects look the same, however often they were made anew. */
@Timeout(180)
class CatalogReaderTest {

  private static final String TOUCH =
      "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql"
          + " AS $$BEGIN RETURN NEW; END$$";

  private static final String[] PARTS = {
    "CREATE INDEX by_name ON things (lower(name), id DESC) WHERE low > 3 AND name <> 'x'",
    "ALTER TABLE things ADD CONSTRAINT span CHECK (low < high)",
    "ALTER TABLE things ADD CONSTRAINT apart EXCLUDE USING gist (int4range(low, high) WITH &&)",
    "CREATE TRIGGER touched BEFORE UPDATE OF name ON things FOR EACH ROW"
        + " WHEN (OLD.high IS DISTINCT FROM NEW.high) EXECUTE FUNCTION touch()",
    "CREATE POLICY own ON things USING (name = current_user AND low > 1) WITH CHECK (high > 0)",
    "CREATE VIEW wide AS SELECT t.*, o.note AS remark, (t.low + 1)::bigint AS next"
        + " FROM things AS t (a, b) LEFT JOIN others o USING (id_other) WHERE t.high > t.low",
    "CREATE VIEW nested AS WITH big AS (SELECT remark, max(next) AS m FROM wide GROUP BY 1)"
        + " SELECT * FROM big WHERE EXISTS (SELECT FROM others o WHERE o.note = big.remark)",
    "CREATE VIEW other AS SELECT low, high FROM things",
    "CREATE MATERIALIZED VIEW kept AS SELECT high, low FROM things UNION SELECT 1, 2",
  };

  private static final String COLUMNS =
      "id serial PRIMARY KEY, name text NOT NULL DEFAULT 'no' || 'body', low int DEFAULT 0,"
          + " high int DEFAULT 0, id_other int, twice int GENERATED ALWAYS AS (low * 2) STORED";

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void objectsThatAreMadeAnewAreTheSame() {
    // Given
    TestDatabases.run(url, TOUCH, "CREATE TABLE others (id_other int, note text)");
    make(COLUMNS);
    Catalog before = catalog();

    // When
    TestDatabases.run(url, "DROP TABLE things, others CASCADE");
    TestDatabases.run(url, "CREATE TABLE others (id_other int, note text)");
    make(COLUMNS);

    // Then
    assertSame(before);
  }

  @Test
  void aTableWhoseColumnsCameAndWentIsTheSameAfterARebuild() {
    // Given
    TestDatabases.run(url, TOUCH, "CREATE TABLE others (old int, id_other int, note text)");
    make("gone int, " + COLUMNS.replace("low int", "went text, low int"));
    TestDatabases.run(
        url,
        "ALTER TABLE others DROP COLUMN old",
        "ALTER TABLE others ADD COLUMN later int",
        "ALTER TABLE things DROP COLUMN gone CASCADE, DROP COLUMN went CASCADE");
    TestDatabases.run(url, "DROP VIEW IF EXISTS wide CASCADE", PARTS[5], PARTS[6]);
    TestDatabases.run(url, "ALTER TABLE things ADD COLUMN last int");
    Catalog before = catalog();

    // When
    TestDatabases.run(url, "DROP TABLE things, others CASCADE");
    TestDatabases.run(url, "CREATE TABLE others (id_other int, note text, later int)");
    make(COLUMNS);
    TestDatabases.run(url, "ALTER TABLE things ADD COLUMN last int");

    // Then
    assertSame(before);
  }

  @Test
  void aColumnThatComesBackInAnotherPlaceIsTheSame() {
    // Given
    TestDatabases.run(url, TOUCH, "CREATE TABLE others (id_other int, note text)");
    TestDatabases.run(url, "CREATE TABLE things (" + COLUMNS + ")");
    TestDatabases.run(url, PARTS[0], PARTS[1], PARTS[3], PARTS[4], PARTS[7], PARTS[8]);
    Catalog before = catalog();

    // When
    TestDatabases.run(
        url,
        "ALTER TABLE things DROP COLUMN low CASCADE",
        "ALTER TABLE things ADD COLUMN low int DEFAULT 0",
        "ALTER TABLE things ADD COLUMN twice int GENERATED ALWAYS AS (low * 2) STORED",
        PARTS[0],
        PARTS[1],
        "DROP POLICY IF EXISTS own ON things",
        PARTS[4],
        PARTS[7],
        PARTS[8]);

    // Then
    assertSame(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          span    | ALTER TABLE things ADD CONSTRAINT span CHECK (high < low)
          by_name | CREATE INDEX by_name ON things (lower(name), id DESC) WHERE low > 4
          touched | CREATE TRIGGER touched BEFORE UPDATE ON things EXECUTE FUNCTION touch()
          own     | CREATE POLICY own ON things USING (name = current_user AND high > 1)
          other   | CREATE VIEW other AS SELECT high AS low, low AS high FROM things
          """)
  void whatIsDefinedOtherwiseLooksOtherwise(String name, String otherwise) {
    // Given
    TestDatabases.run(url, TOUCH, "CREATE TABLE others (id_other int, note text)");
    make(COLUMNS);
    Catalog before = catalog();

    // When
    TestDatabases.run(
        url,
        "ALTER TABLE things DROP CONSTRAINT IF EXISTS " + name,
        "DROP INDEX IF EXISTS " + (name.equals("other") ? "none" : name),
        "DROP TRIGGER IF EXISTS " + name + " ON things",
        "DROP POLICY IF EXISTS " + name + " ON things",
        "DROP VIEW IF EXISTS other" + (name.equals("other") ? "" : "_none"),
        otherwise);

    // Then
    Catalog after = catalog();
    assertThat(before.objects())
        .filteredOn(object -> !object.equals(after.find(object.key()).orElseThrow()))
        .extracting(CatalogObject::identity)
        .singleElement()
        .asString()
        .endsWith("." + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"we\"ird; DROP TABLE users--", "Ünï.cödé $$", "select"})
  void hostileNamesAreQuoted(String name) {
    // Given
    String quoted = "\"" + name.replace("\"", "\"\"") + "\"";

    // When
    TestDatabases.run(url, "CREATE TABLE " + quoted + " (" + quoted + " int)");

    // Then
    assertThat(catalog().objects())
        .extracting(CatalogObject::identity)
        .containsExactlyInAnyOrder("public." + quoted, "public." + quoted + "." + quoted);
  }

  private void make(String columns) {
    TestDatabases.run(url, "CREATE TABLE things (" + columns + ")");
    TestDatabases.run(url, PARTS);
  }

  private Catalog catalog() {
    return checks.run(url).observation().orElseThrow().catalog();
  }

  private void assertSame(Catalog before) {
    Catalog after = catalog();
    List<String> different =
        before.objects().stream()
            .filter(object -> !after.find(object.key()).equals(java.util.Optional.of(object)))
            .map(CatalogObject::title)
            .toList();
    assertThat(different).isEmpty();
    assertThat(after.objects()).hasSameSizeAs(before.objects());
  }
}
