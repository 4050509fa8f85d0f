package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.testing.TestDatabases;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was changed by hand is taken back when somebody asks, as long as nothing can be lost. */
@Timeout(180)
class DriftTest {

  private static final String[] SHOP = {
    "CREATE TYPE mood AS ENUM ('sad', 'ok')",
    "CREATE TABLE team (id int PRIMARY KEY, name text UNIQUE, mood mood)",
    "CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL DEFAULT 'nobody',"
        + " team int CONSTRAINT in_team REFERENCES team, at timestamptz DEFAULT now(),"
        + " \"it's; DROP TABLE team\" int CONSTRAINT sane CHECK (id > 0))",
    "CREATE TABLE strict (id int, born date NOT NULL, token uuid NOT NULL DEFAULT"
        + " gen_random_uuid(), twice int GENERATED ALWAYS AS (id * 2) STORED)",
    "INSERT INTO strict VALUES (1, '2026-01-01')",
    "INSERT INTO team VALUES (1, 'a', 'ok')",
    "INSERT INTO person (id, team) SELECT n, 1 FROM generate_series(1, 20) n",
    "CREATE INDEX \"by; name\" ON person (lower(name)) WHERE id > 0",
    "CREATE VIEW crowd AS SELECT name, count(*) AS n FROM person GROUP BY name",
    "CREATE VIEW \"big crowd\" AS SELECT * FROM crowd WHERE n > 10",
    "CREATE MATERIALIZED VIEW kept AS SELECT id FROM person",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'",
    "CREATE TRIGGER touched BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION touch()",
    "CREATE POLICY mine ON team USING (name = current_user)",
    "ALTER TABLE team ENABLE ROW LEVEL SECURITY",
    "CREATE SEQUENCE ticket"
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
          DROP INDEX "by; name"                                          | public."by; name"
          DROP VIEW "big crowd"                                          | public."big crowd"
          DROP VIEW crowd CASCADE                                        | public.crowd
          DROP MATERIALIZED VIEW kept                                    | public.kept
          DROP FUNCTION twice(int)                                       | public.twice(integer)
          DROP FUNCTION touch() CASCADE                                  | public.touch()
          DROP TRIGGER touched ON person                                 | public.person.touched
          ALTER TABLE person DISABLE TRIGGER touched                     | public.person.touched
          DROP POLICY mine ON team                                       | public.team.mine
          ALTER TABLE team DISABLE ROW LEVEL SECURITY                    | public.team
          ALTER TABLE person DROP CONSTRAINT in_team                     | public.person.in_team
          ALTER TABLE person DROP CONSTRAINT sane                        | public.person.sane
          ALTER TABLE team DROP CONSTRAINT team_name_key                 | public.team.team_name_key
          ALTER TABLE team DROP COLUMN mood                              | public.team.mood
          ALTER TABLE person DROP COLUMN name CASCADE                    | public.person.name
          ALTER TABLE person DROP COLUMN at                              | public.person.at
          ALTER TABLE person DROP COLUMN "it's; DROP TABLE team" \
          | public.person."it's; DROP TABLE team"
          ALTER TABLE person ALTER name DROP NOT NULL                    | public.person.name
          ALTER TABLE person ALTER name DROP DEFAULT                     | public.person.name
          ALTER TABLE person ALTER name SET DEFAULT 'x'                  | public.person.name
          CREATE OR REPLACE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT 3' \
          | public.twice(integer)
          CREATE OR REPLACE VIEW "big crowd" AS SELECT * FROM crowd | public."big crowd"
          CREATE OR REPLACE VIEW crowd AS SELECT name, 1::bigint AS n FROM person | public.crowd
          ALTER SEQUENCE ticket MAXVALUE 7                               | public.ticket
          """)
  void whatIsGoneOrDiffersIsAsItWas(String drift, String subject) throws SQLException {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(scene.url(), drift);
    RecoveryPlan plan = scene.planned(good, "schema.drift " + subject);

    // When
    scene.run(plan);

    // Then
    assertThat(scene.findings(good)).isEmpty();
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("done");
    assertThat(TestDatabases.query(scene.url(), "SELECT count(*) FROM person"))
        .containsExactly("20");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          DROP SEQUENCE ticket                              | public.ticket       | by hand
          ALTER TABLE person ALTER team TYPE bigint \
          | public.person.team | view public.crowd rests on
          ALTER TABLE team ALTER name SET NOT NULL          | public.team.name    | refused
          ALTER TABLE team ALTER name SET DEFAULT 'x'       | public.team.name    | refused
          ALTER TABLE strict DROP COLUMN born               | public.strict.born  | have no value
          ALTER TABLE strict DROP COLUMN token              | public.strict.token | every row
          ALTER TABLE strict DROP COLUMN twice              | public.strict.twice | every row
          ALTER TABLE team ADD more int | public.team.more | table public.person rests on
          CREATE INDEX more ON team (mood)                  | public.more         | drops nothing
          """)
  void whatCouldLoseSomethingIsRefused(String drift, String subject, String reason) {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(scene.url(), drift);

    // When
    String refused = scene.refused(good, "schema.drift " + subject);

    // Then
    assertThat(refused).contains(reason);
  }
}
