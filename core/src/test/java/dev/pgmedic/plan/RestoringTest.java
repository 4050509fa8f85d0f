package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.testing.TestDatabases;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table that cannot be taken back in place is made anew with every row, or stays as it is. */
@Timeout(180)
class RestoringTest {

  private static final String TABLE = "\"per; son\"";

  private final PlanScene scene = new PlanScene();
  private final String owner = TestDatabases.role(scene.url());
  private final String recovery = TestDatabases.role(scene.url(), owner);
  private KnownGood good;

  @BeforeEach
  void migrate() {
    good =
        scene.good(
            "GRANT CREATE ON DATABASE " + scene.url().database() + " TO " + recovery,
            "GRANT CREATE ON SCHEMA public TO " + owner,
            "CREATE TYPE mood AS ENUM ('it''s', 'b')",
            "CREATE TABLE team (id int PRIMARY KEY)",
            "INSERT INTO team VALUES (1), (2)",
            "CREATE TABLE trace (what text)",
            "GRANT INSERT ON trace TO PUBLIC",
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN INSERT INTO public.trace VALUES (current_user); RETURN NEW; END'",
            "CREATE SEQUENCE free",
            "CREATE TABLE "
                + TABLE
                + " (id serial PRIMARY KEY,"
                + " n bigint GENERATED ALWAYS AS IDENTITY, team int CONSTRAINT in_team REFERENCES"
                + " team, \"it's; \"\" q\" text, mood mood NOT NULL DEFAULT 'b',"
                + " at timestamptz DEFAULT now(), twice int GENERATED ALWAYS AS (team * 2) STORED,"
                + " v varchar(10), CONSTRAINT sane CHECK (team > 0))",
            "CREATE INDEX by_mood ON " + TABLE + " (mood)",
            "CREATE TRIGGER touched BEFORE INSERT OR UPDATE ON "
                + TABLE
                + " FOR EACH ROW EXECUTE FUNCTION touch()",
            "ALTER TABLE " + TABLE + " ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY nobody ON " + TABLE + " USING (false)",
            "COMMENT ON TABLE " + TABLE + " IS 'it''s; DROP TABLE team'",
            "COMMENT ON COLUMN " + TABLE + ".team IS 'x'",
            "GRANT SELECT ON " + TABLE + " TO PUBLIC",
            "GRANT UPDATE (team) ON " + TABLE + " TO PUBLIC",
            "ALTER TABLE " + TABLE + " OWNER TO " + owner,
            "GRANT REFERENCES ON team TO " + owner);
    TestDatabases.run(
        scene.url(),
        "INSERT INTO "
            + TABLE
            + " (team, \"it's; \"\" q\", v) SELECT 1 + n % 2, CASE WHEN n > 3"
            + " THEN '(a,\"b\")' END, 'v' || n FROM generate_series(1, 50) n",
        "DELETE FROM trace");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private List<String> rows() {
    return TestDatabases.query(
        scene.url(),
        "SELECT ROW(id, n, team, \"it's; \"\" q\", mood, at, twice, v)::text FROM public."
            + TABLE
            + " ORDER BY 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ALTER TABLE "per; son" ADD note text DEFAULT 'x'  | note
          ALTER TABLE "per; son" ALTER v TYPE text          | v
          ALTER TABLE "per; son" ALTER v TYPE text, ADD note int | v
          """)
  void everyRowIsBackAndAllElseIsAsItWas(String drift, String column) throws SQLException {
    // Given
    TestDatabases.run(scene.url(), drift);
    List<String> before = rows();
    RecoveryPlan plan = scene.planned(good, "schema.drift public.\"per; son\"." + column);
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("ready");

    // When
    scene.run(plan, recovery);

    // Then
    assertThat(scene.findings(good)).isEmpty();
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("done");
    assertThat(rows()).isEqualTo(before);
    assertThat(TestDatabases.query(scene.url(), "SELECT what FROM trace")).isEmpty();
    TestDatabases.run(scene.url(), "INSERT INTO " + TABLE + " (team) VALUES (2)");
    assertThat(
            TestDatabases.query(
                scene.url(),
                "SELECT max(id) || ' ' || max(n) || ' ' || (SELECT count(*) FROM trace) FROM "
                    + TABLE))
        .containsExactly("51 51 1");
    TestDatabases.run(scene.url(), "DELETE FROM " + TABLE, "DELETE FROM team");
    assertThat(kept()).containsExactly("50");
  }

  private List<String> kept() {
    String schema =
        TestDatabases.query(
                scene.url(), "SELECT nspname FROM pg_namespace WHERE nspname ~ '^pgmedic_q_'")
            .get(0);
    return TestDatabases.query(scene.url(), "SELECT count(*) FROM " + schema + "." + TABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE VIEW v AS SELECT id FROM "per; son"                       | view public.v rests on
          CREATE TABLE o (id int REFERENCES "per; son")                    | table public.o rests on
          CREATE TABLE o () INHERITS ("per; son")                          | table public.o rests on
          CREATE PUBLICATION told FOR TABLE "per; son"                     | in publication told
          CREATE PUBLICATION told FOR ALL TABLES                           | a publication shows it
          CREATE STATISTICS s ON id, team FROM "per; son"                  | statistics object
          CREATE FUNCTION f("per; son") RETURNS int LANGUAGE sql AS 'SELECT 1' | function public.f
          ALTER TABLE "per; son" REPLICA IDENTITY FULL                     | replica identity
          ALTER TABLE "per; son" SET (fillfactor = 50)                     | storage settings
          CREATE RULE r AS ON DELETE TO "per; son" DO ALSO NOTHING         | it has rules
          ALTER TABLE "per; son" FORCE ROW LEVEL SECURITY                  | no plain table
          ALTER TABLE "per; son" OWNER TO postgres                         | owner
          ALTER TABLE "per; son" DROP COLUMN at                            | is gone too
          """)
  void whatWouldNotBeCarriedOverIsNamed(String obstacle, String reason) {
    // Given
    TestDatabases.run(scene.url(), "ALTER TABLE " + TABLE + " ADD note text", obstacle);

    // When
    String refused = scene.refused(good, "schema.drift public.\"per; son\".note");

    // Then
    assertThat(refused).contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ALTER TABLE "per; son" ALTER v TYPE text; UPDATE "per; son" SET v = 'longer than ten' \
          | v | too long
          ALTER TABLE "per; son" ALTER at TYPE timestamp | at | not be what they were
          ALTER TABLE "per; son" ADD note text; REVOKE SELECT ON "per; son" FROM PUBLIC \
          | note | grants
          ALTER TABLE "per; son" ADD note text; COMMENT ON COLUMN "per; son".v IS 'y' \
          | note | comment of a column
          ALTER TABLE "per; son" ADD note text; GRANT UPDATE (v) ON "per; son" TO PUBLIC \
          | note | grants or the comment
          """)
  void whatWouldLoseSomethingLeavesTheTableAsItIs(String drift, String column, String error) {
    // Given
    TestDatabases.run(scene.url(), drift);
    RecoveryPlan plan = scene.planned(good, "schema.drift public.\"per; son\"." + column);
    List<String> before = rows();

    // When
    assertThatThrownBy(() -> scene.run(plan, recovery)).hasMessageContaining(error);

    // Then
    assertThat(rows()).isEqualTo(before);
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("ready");
  }

  @Test
  void whatNobodyMayHaveIsNamed() {
    // Given
    TestDatabases.run(
        scene.url(),
        "ALTER TABLE trace ADD note text",
        "ALTER TABLE " + TABLE + " ALTER n DROP IDENTITY");

    // When
    String superuser = scene.refused(good, "schema.drift public.trace.note");
    String position = scene.refused(good, "schema.drift public.\"per; son\".n");

    // Then
    assertThat(superuser).contains("its owner is a superuser");
    assertThat(position).contains("a sequence that it owned is gone");
  }

  @Test
  void aTableThatChangesAgainIsLeftAlone() {
    // Given
    TestDatabases.run(scene.url(), "ALTER TABLE " + TABLE + " ADD note text");
    RecoveryPlan plan = scene.planned(good, "schema.drift public.\"per; son\".note");

    // When
    TestDatabases.run(scene.url(), "ALTER TABLE " + TABLE + " ADD more int");

    // Then
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("neither");
  }
}
