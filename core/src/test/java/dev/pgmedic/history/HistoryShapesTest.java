package dev.pgmedic.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.history.HistoryState.Place;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every tool is told by the columns of its table, and none is taken for another. */
@Timeout(180)
class HistoryShapesTest {

  // The longest name that PostgreSQL takes, with all that has to be quoted.
  private static final String ODD = "Ein \"Schema\"; DROP — ü".concat("x".repeat(36));

  private static final int SAMPLE = 6;

  private final HistoryScene scene = new HistoryScene();

  @AfterEach
  void close() {
    scene.close();
  }

  static Stream<String> tools() {
    return MigrationTools.names().stream();
  }

  static Stream<String> some() {
    return Sample.of(List.copyOf(MigrationTools.names()), SAMPLE).stream();
  }

  @ParameterizedTest
  @MethodSource("tools")
  void aToolIsRecognisedAndItsVersionRead(String tool) {
    // Given
    scene.staged(tool);

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.here()).extracting(Place::tool).containsExactly(tool);
    assertThat(history.tool()).contains(tool);
    assertThat(history.version()).isPresent();
    assertThat(history.versions()).isNotEmpty();
    assertThat(history.settled()).isTrue();
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void allToolsInOneDatabaseAreToldApart() {
    // Given
    Set<String> tools = MigrationTools.names();
    tools.forEach(tool -> scene.staged(tool, "of " + tool));

    // When
    List<Place> here = scene.history().here();

    // Then
    assertThat(here).extracting(Place::tool).containsExactlyInAnyOrderElementsOf(tools);
    assertThat(here)
        .filteredOn(place -> place.table().contains("of "))
        .allSatisfy(place -> assertThat(place.table()).startsWith("\"of " + place.tool() + "\"."));
  }

  @ParameterizedTest
  @MethodSource("some")
  void aNamedToolIsFoundAmongAllOthers(String tool) {
    // Given
    tools().forEach(other -> scene.staged(other, "of " + other));

    // When
    HistoryState history = scene.tool(tool).history();

    // Then
    assertThat(history.tool()).contains(tool);
    assertThat(history.version()).isPresent();
    assertThat(scene.findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alembic",
        "diesel",
        "django",
        "ecto",
        "flyway",
        "golang-migrate",
        "goose",
        "knex",
        "prisma",
        "sqlx",
        "typeorm"
      })
  void aTableOfAnotherNameIsKnownByItsColumns(String tool) {
    // Given
    scene.staged(tool, ODD);
    String table = scene.history().table().orElseThrow();
    String renamed = Sql.identifier("Verlauf \"von\" " + tool + " ü");
    scene.sql("ALTER TABLE " + table + " RENAME TO " + renamed);

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.tool()).contains(tool);
    assertThat(history.table()).contains(Sql.identifier(ODD) + "." + renamed);
    assertThat(history.version()).isPresent();
  }

  @ParameterizedTest
  @MethodSource("some")
  void aTableOfTheSameNameWithOtherColumnsIsSomebodyElses(String tool) {
    // Given
    scene.staged(tool);
    String table = scene.history().table().orElseThrow();
    scene.sql(
        "DROP TABLE " + table + " CASCADE",
        "CREATE TABLE " + table + " (id int PRIMARY KEY, version text, note text)");

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.here()).isEmpty();
    assertThat(scene.findings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("some")
  void aCopyThatAPersonMadeIsNoHistory(String tool) {
    // Given
    scene.staged(tool);
    String table = scene.history().table().orElseThrow();
    scene.sql(
        "CREATE TABLE copy AS TABLE " + table,
        "CREATE VIEW view AS TABLE " + table,
        "CREATE MATERIALIZED VIEW kept AS TABLE " + table);

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.here()).containsExactly(new Place(tool, table));
  }

  @ParameterizedTest
  @MethodSource("some")
  void aForeignTableOfThatShapeIsNeverRead(String tool) {
    // Given
    scene.staged(tool);
    String table = scene.history().table().orElseThrow();
    String columns =
        String.join(
            ", ",
            TestDatabases.query(
                scene.url(),
                "SELECT format('%I %s %s', attname, format_type(atttypid, atttypmod),"
                    + " CASE WHEN attnotnull THEN 'NOT NULL' END) FROM pg_attribute"
                    + " WHERE attnum > 0 AND attrelid = "
                    + Sql.literal(table)
                    + "::regclass"));
    scene.sql(
        "DROP TABLE " + table + " CASCADE",
        "CREATE FOREIGN DATA WRAPPER nothing",
        "CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing",
        "CREATE FOREIGN TABLE " + table + " (" + columns + ") SERVER nowhere");

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history).isEqualTo(HistoryState.NONE);
  }

  @Test
  void otherToolsWithTheSameColumnsAreNotTakenForOneThatIsKnown() {
    // Given: AdonisJS, db-migrate, Laravel, and the seeds of Sequelize
    scene.sql(
        "CREATE TABLE adonis_schema (id serial PRIMARY KEY, name varchar(255) NOT NULL,"
            + " batch int NOT NULL, migration_time timestamptz DEFAULT CURRENT_TIMESTAMP)",
        "CREATE TABLE migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL,"
            + " run_on timestamp NOT NULL)",
        "CREATE TABLE laravel (id serial PRIMARY KEY, migration varchar(255) NOT NULL,"
            + " batch int NOT NULL)",
        "CREATE TABLE \"SequelizeData\" (name varchar(255) NOT NULL PRIMARY KEY)",
        "CREATE TABLE tags (name varchar(255) NOT NULL PRIMARY KEY)",
        "CREATE TABLE releases (version varchar(255) NOT NULL PRIMARY KEY)");

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history).isEqualTo(HistoryState.NONE);
  }

  @Test
  void railsIsToldFromDbmateByItsMetadataWhateverBothAreCalled() {
    // Given
    scene
        .staged("rails", "app")
        .staged("dbmate", "other")
        .sql(
            "ALTER TABLE app.schema_migrations RENAME TO \"shop_schema_migrations_v2\"",
            "ALTER TABLE app.ar_internal_metadata RENAME TO \"shop_ar_internal_metadata_v2\"");

    // When
    List<Place> here = scene.history().here();

    // Then
    assertThat(here)
        .containsExactly(
            new Place("rails", "app.shop_schema_migrations_v2"),
            new Place("dbmate", "other.schema_migrations"));
  }

  @Test
  void railsWithoutMetadataIsKnownOnceItIsNamed() {
    // Given
    scene.staged("rails").sql("DROP TABLE ar_internal_metadata");

    // When
    HistoryState unnamed = scene.history();
    HistoryState named = scene.tool("rails").history();

    // Then
    assertThat(unnamed.tool()).contains("dbmate");
    assertThat(named.tool()).contains("rails");
    assertThat(named.version()).contains("20260102000000");
  }
}
