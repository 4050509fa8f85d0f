package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.testing.TestDatabases;
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

/** What was added by hand moves out of the way with its rows, and back, or stays where it is. */
@Timeout(180)
class MovingTest {

  private static final String[] SHOP = {
    "CREATE TABLE team (id int PRIMARY KEY, name text)",
    "CREATE TABLE person (id int PRIMARY KEY, team int)",
    "CREATE TABLE measure (at date, v int) PARTITION BY RANGE (at)",
    "CREATE VIEW crowd AS SELECT id FROM person",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "INSERT INTO team VALUES (1, 'a')"
  };

  private final PlanScene scene = new PlanScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private List<String> query(String sql) {
    return TestDatabases.query(scene.url(), sql);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notes", "we\"ird; DROP TABLE team--", "x $pgmedic$ END; DROP", "it's"})
  void aTableMovesWithAllThatIsItsOwnAndBack(String name) throws SQLException {
    // Given
    KnownGood good = scene.good(SHOP);
    String table = "\"" + name.replace("\"", "\"\"") + "\"";
    TestDatabases.run(
        scene.url(),
        "CREATE TYPE \"kind; of\" AS ENUM ('it''s', 'b')",
        "CREATE TABLE "
            + table
            + " (id serial PRIMARY KEY, team int CONSTRAINT out REFERENCES"
            + " team, kind \"kind; of\" DEFAULT 'b', n int GENERATED ALWAYS AS IDENTITY)",
        "INSERT INTO " + table + " (team) SELECT 1 FROM generate_series(1, 20)",
        "CREATE INDEX ON " + table + " (team)",
        "CREATE TRIGGER touched BEFORE UPDATE ON "
            + table
            + " FOR EACH ROW EXECUTE FUNCTION"
            + " touch()",
        "CREATE POLICY mine ON " + table + " USING (true)",
        "CREATE STATISTICS both_of ON id, team FROM " + table,
        "CREATE VIEW shown AS SELECT count(*) AS n FROM " + table,
        "CREATE MATERIALIZED VIEW kept AS SELECT n FROM shown");
    String issue = "schema.drift public." + (name.equals("notes") ? name : table);
    List<String> before = scene.findings(good);
    RecoveryPlan plan = scene.planned(good, issue);
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("ready");

    // When
    scene.run(plan);

    // Then
    assertThat(scene.findings(good)).isEmpty();
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("done");
    assertThat(
            query(
                "SELECT relname || relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE nspname ~ '^pgmedic_q_' AND relkind IN ('r', 'v', 'm',"
                    + " 'S')"))
        .hasSize(5);
    String schema = query("SELECT nspname FROM pg_namespace WHERE nspname ~ '^pgmedic_q_'").get(0);
    assertThat(query("SELECT count(DISTINCT id) FROM " + schema + "." + table))
        .containsExactly("20");
    assertThat(query("SELECT stxnamespace::regnamespace FROM pg_statistic_ext"))
        .containsExactly(schema);
    TestDatabases.run(scene.url(), plan.steps().get(0).action().undo().orElseThrow());
    assertThat(scene.findings(good)).isEqualTo(before);
    assertThat(query("SELECT count(*) FROM public." + table)).containsExactly("20");
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("ready");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          CREATE VIEW more AS SELECT id FROM person                       | public.more
          CREATE MATERIALIZED VIEW more AS SELECT id FROM person          | public.more
          CREATE SEQUENCE more                                            | public.more
          CREATE TABLE more (at date) PARTITION BY RANGE (at); \
          CREATE TABLE more_1 PARTITION OF more DEFAULT \
          | public.more
          CREATE TYPE kind AS ENUM ('a'); CREATE TABLE more (a kind[])            | public.more
          CREATE TYPE kind AS ENUM ('a'); CREATE TABLE more (a kind)      | public.kind
          CREATE TABLE more (id int PRIMARY KEY); CREATE TABLE least (id int REFERENCES more) \
          | public.more
          CREATE TABLE more (id serial); \
          CREATE TABLE least (id int DEFAULT nextval('more_id_seq')) \
          | public.more
          """)
  void whatRestsOnItMovesAlong(String drift, String subject) throws SQLException {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(scene.url(), drift);
    RecoveryPlan plan = scene.planned(good, "schema.drift " + subject);

    // When
    scene.run(plan);

    // Then
    assertThat(scene.findings(good)).isEmpty();
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("done");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ALTER TABLE person ADD CONSTRAINT there FOREIGN KEY (team) REFERENCES more \
          | table public.person rests on table public.more
          CREATE OR REPLACE VIEW crowd AS SELECT id FROM more | view public.crowd rests on
          CREATE PUBLICATION told FOR TABLE more | in publication told
          CREATE FUNCTION f(more) RETURNS int LANGUAGE sql AS 'SELECT 1' \
          | function public.f(public.more)
          ALTER TABLE person ADD last more | table public.person rests on
          ALTER TABLE person ALTER team SET DEFAULT nextval('more_no_seq') \
          | table public.person rests on
          CREATE TABLE least () INHERITS (more); \
          CREATE VIEW x AS SELECT * FROM least; CREATE PUBLICATION told FOR TABLE least \
          | in publication told
          ALTER TABLE more INHERIT team | child of public.team
          ALTER TABLE team ENABLE ROW LEVEL SECURITY; \
          CREATE POLICY p ON team USING (id IN (SELECT id FROM more)) \
          | table public.team rests on
          """)
  void whatKnownGoodHasNeverMoves(String drift, String reason) {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(
        scene.url(), "CREATE TABLE more (id int PRIMARY KEY, name text, no serial)", drift);

    // When
    String refused = scene.refused(good, "schema.drift public.more");

    // Then
    assertThat(refused).contains(reason);
  }

  @Test
  void aPartitionOfAKnownTableStays() {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(scene.url(), "CREATE TABLE more PARTITION OF measure DEFAULT");

    // When
    String refused = scene.refused(good, "schema.drift public.more");

    // Then
    assertThat(refused).contains("is a partition or child of public.measure");
  }

  @Test
  void whatComesToRestOnItAfterwardsKeepsItWhereItIs() {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(scene.url(), "CREATE TABLE more (id int PRIMARY KEY)");
    RecoveryPlan plan = scene.planned(good, "schema.drift public.more");
    String before = scene.standing(plan.steps().get(0));

    // When
    TestDatabases.run(scene.url(), "ALTER TABLE person ADD FOREIGN KEY (team) REFERENCES more");

    // Then
    assertThat(before).isEqualTo("ready");
    assertThat(scene.standing(plan.steps().get(0))).isEqualTo("neither");
    assertThat(scene.refused(good, "schema.drift public.more")).contains("public.person rests on");
  }

  @Test
  void whatRestsOnItIsSeenWhileSomebodyKeepsEverybodyOutOfIt() throws SQLException {
    // Given
    KnownGood good = scene.good(SHOP);
    TestDatabases.run(
        scene.url(), "CREATE TABLE more (id int)", "CREATE VIEW shown AS SELECT id FROM more");
    try (Connection holder = TestDatabases.connect(scene.url());
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("LOCK TABLE more, shown, person, team IN ACCESS EXCLUSIVE MODE");

      // When
      RecoveryPlan plan = scene.planned(good, "schema.drift public.more");

      // Then
      assertThat(plan.steps().get(0).title()).contains("public.more, public.shown");
    }
  }
}
