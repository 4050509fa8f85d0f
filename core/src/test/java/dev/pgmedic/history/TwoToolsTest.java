package dev.pgmedic.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.history.HistoryState.Place;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TestDatabases;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any two tools side by side in one database: both are recognised, and neither is taken for the
 * other. A sample by default, every pair with {@code -Dpgmedic.exhaustive=true}.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoToolsTest {

  private static final int SAMPLE = 12;

  private final HistoryScene scene = new HistoryScene();

  record Pair(String first, String second) {
    @Override
    public String toString() {
      return first + " and " + second;
    }
  }

  @AfterAll
  void close() {
    scene.close();
  }

  static Stream<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (String first : MigrationTools.names()) {
      MigrationTools.names().stream()
          .filter(second -> first.compareTo(second) < 0)
          .forEach(second -> pairs.add(new Pair(first, second)));
    }
    return Sample.of(pairs, SAMPLE).stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void bothAreRecognisedAndNoneIsTakenForTheOther(Pair pair) {
    // Given
    empty();
    scene.staged(pair.first());
    String apart = beside(pair.second()) ? "in one schema" : "in a schema of its own";

    // When
    HistoryState unnamed = scene.anyTool().history();
    HistoryState first = scene.tool(pair.first()).history();
    List<String> firstFindings = scene.findings();
    HistoryState second = scene.tool(pair.second()).history();
    List<String> secondFindings = scene.findings();

    // Then
    assertThat(unnamed.here())
        .as(apart)
        .extracting(Place::tool)
        .containsExactlyInAnyOrder(pair.first(), pair.second());
    assertThat(unnamed.tool()).isEmpty();
    assertThat(List.of(first.tool(), second.tool()).toString())
        .isEqualTo("[Optional[%s], Optional[%s]]".formatted(pair.first(), pair.second()));
    assertThat(first.version()).isPresent();
    assertThat(second.version()).isPresent();
    assertThat(first.table()).isNotEqualTo(second.table());
    assertThat(firstFindings).isEmpty();
    assertThat(secondFindings).isEmpty();
  }

  // Two tools that call their tables the same cannot be in one schema.
  private boolean beside(String tool) {
    try {
      scene.staged(tool);
      return true;
    } catch (IllegalStateException taken) {
      scene.staged(tool, "apart");
      return false;
    }
  }

  private void empty() {
    TestDatabases.query(
            scene.url(),
            "SELECT quote_ident(nspname) FROM pg_namespace"
                + " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
        .forEach(schema -> scene.sql("DROP SCHEMA " + schema + " CASCADE"));
    scene.sql("CREATE SCHEMA public");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema_migrations (version text PRIMARY KEY, applied_at timestamptz)",
        "schema_migrations (id serial PRIMARY KEY, version int NOT NULL)",
        "schema_migrations (version bigint PRIMARY KEY)",
        "schema_migrations (version bigint PRIMARY KEY, dirty int NOT NULL)",
        "migrations (id serial PRIMARY KEY, name varchar NOT NULL)",
        "migrations (id serial PRIMARY KEY, migration varchar(255) NOT NULL, batch int NOT NULL)",
        "migrations (id serial PRIMARY KEY, timestamp timestamptz NOT NULL, name varchar NOT NULL)",
        "alembic_version (version_num int PRIMARY KEY)",
        "alembic_version (version_num varchar(32) PRIMARY KEY, note text)",
        "flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50))",
        "django_migrations (id serial PRIMARY KEY, app varchar(255) NOT NULL, name varchar NOT"
            + " NULL)",
        "databasechangelog (id int PRIMARY KEY, author text, filename text)",
        "_prisma_migrations (id uuid PRIMARY KEY, checksum text, finished_at timestamptz)",
        "knex_migrations (id serial PRIMARY KEY, name text, batch int, migration_time timestamptz)",
        "goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL)",
        "\"SequelizeMeta\" (name varchar(255) PRIMARY KEY, note text)",
        "\"__EFMigrationsHistory\" (\"MigrationId\" varchar(150) PRIMARY KEY)",
        "_sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL)",
        "__diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on date NOT NULL)",
        "pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on date NOT NULL)",
        "doctrine_migration_versions (version varchar(191) PRIMARY KEY,"
            + " executed_at timestamp(0), execution_time int)",
        "phinxlog (version bigint PRIMARY KEY, migration_name varchar(100),"
            + " start_time timestamp, end_time timestamp, breakpoint boolean NOT NULL)",
        "gorp_migrations (id text PRIMARY KEY, applied_at timestamptz)",
        "data_migrations (version varchar PRIMARY KEY)",
        "country (id int PRIMARY KEY, app varchar NOT NULL, name varchar NOT NULL)",
        "price (version bigint NOT NULL, valid boolean NOT NULL)"
      })
  void aTableThatOnlyLooksLikeAHistoryIsSomebodysOwn(String table) {
    // Given
    empty();
    scene.sql("CREATE TABLE " + table);

    // When
    HistoryState history = scene.anyTool().history();

    // Then
    assertThat(history).isEqualTo(HistoryState.NONE);
    assertThat(scene.findings()).isEmpty();
  }
}
