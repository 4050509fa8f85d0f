package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.testing.TestDatabases;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only has another name is not made anew beside itself: a person gives it its name back. */
@Timeout(180)
class RenamedTest {

  private static final String[] SHOP = {
    "CREATE SCHEMA attic",
    "CREATE TYPE mood AS ENUM ('sad', 'it''s', 'happy')",
    "CREATE TABLE team (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', mood mood)",
    "CREATE TABLE person (id int PRIMARY KEY, team int CONSTRAINT in_team REFERENCES team)",
    "CREATE TABLE plain (n int, t text)",
    "CREATE VIEW teams_seen AS SELECT name FROM team",
    "INSERT INTO team (name) VALUES ('a'), ('b')"
  };

  private final PlanScene scene = new PlanScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ALTER TABLE team RENAME TO "Te; ams" | table.missing public.team \
          | ALTER TABLE public."Te; ams" RENAME TO team
          ALTER TABLE team SET SCHEMA attic    | table.missing public.team \
          | ALTER TABLE attic.team SET SCHEMA public
          ALTER TABLE team SET SCHEMA attic; ALTER TABLE attic.team RENAME TO squad \
          | table.missing public.team \
          | ALTER TABLE attic.squad SET SCHEMA public; ALTER TABLE public.squad RENAME TO team
          CREATE TABLE copied AS TABLE plain; DROP TABLE plain | table.missing public.plain \
          | ALTER TABLE public.copied RENAME TO plain
          ALTER TYPE mood RENAME VALUE 'it''s' TO '"ok"' | enum.value-missing public.mood \
          | ALTER TYPE public.mood RENAME VALUE '"ok"' TO 'it''s'
          """)
  void aPersonIsToldHowItComesBack(String rename, String issue, String back) {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(scene.url(), rename);

    // When
    String refused = scene.refused(good, issue);

    // Then: and that brings it back
    assertThat(refused).contains(back);
    TestDatabases.run(scene.url(), back);
    assertThat(scene.findings(good)).doesNotContain(issue).noneMatch(f -> f.contains("team"));
  }

  @Test
  void anotherTableThatIsNewIsNotTheLostOne() throws SQLException {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(
        scene.url(), "DROP TABLE plain", "CREATE TABLE other (n int, t text NOT NULL)");
    RecoveryPlan plan = scene.planned(good, "table.missing public.plain");

    // When
    scene.run(plan);

    // Then
    assertThat(scene.findings(good)).containsExactly("schema.drift public.other");
  }

  @Test
  void whatALostTableRestsOnComesBackWithIt() throws SQLException {
    // Given: the function is a fault of its own, and the table cannot be without it
    KnownGood good =
        scene.good(
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TABLE kept (id int)",
            "CREATE TRIGGER touched BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION touch()");
    TestDatabases.run(scene.url(), "DROP TABLE kept", "DROP FUNCTION touch()");
    RecoveryPlan plan = scene.planned(good, "table.missing public.kept");

    // When
    scene.run(plan);

    // Then
    assertThat(scene.findings(good)).isEmpty();
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("done");
    assertThat(plan.steps().get(0).action().touches()).contains("public.touch()");
  }

  @Test
  void aPartitionComesBackAsOne() throws SQLException {
    // Given
    KnownGood good =
        scene.good(
            "CREATE TABLE measure (at date PRIMARY KEY, v int) PARTITION BY RANGE (at)",
            "CREATE TABLE measure_5 PARTITION OF measure FOR VALUES FROM ('2025-01-01')"
                + " TO ('2026-01-01')",
            "CREATE TABLE measure_6 PARTITION OF measure FOR VALUES FROM ('2026-01-01')"
                + " TO ('2027-01-01')",
            "CREATE INDEX measure_v ON measure (v)",
            "CREATE INDEX measure_5_own ON measure_5 (v, at)",
            "INSERT INTO measure VALUES ('2026-05-05', 6)");
    TestDatabases.run(scene.url(), "DROP TABLE measure_5");
    RecoveryPlan plan = scene.planned(good, "table.missing public.measure_5");

    // When
    scene.run(plan);

    // Then
    assertThat(scene.findings(good)).isEmpty();
    TestDatabases.run(scene.url(), "INSERT INTO measure VALUES ('2025-05-05', 5)");
    assertThat(TestDatabases.query(scene.url(), "SELECT sum(v) FROM measure"))
        .containsExactly("11");
  }
}
