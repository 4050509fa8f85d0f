package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.testing.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What would not end before its deadline is not begun; how large a table is, statistics say. */
@Timeout(120)
class LongStepTest {

  private final PlanScene scene = new PlanScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private void grow(String table, long megabytes) {
    TestDatabases.run(
        scene.url(),
        "ALTER TABLE " + table + " SET (autovacuum_enabled = false)",
        "UPDATE pg_class SET relpages = "
            + megabytes * 1_000_000 / 8_192
            + " WHERE oid = '"
            + table
            + "'::regclass");
  }

  @Test
  void anIndexOfATableThatIsTooLargeIsAPersons() {
    // Given
    KnownGood good =
        scene.good("CREATE TABLE visit (at date)", "CREATE INDEX visit_at ON visit (at)");
    TestDatabases.run(scene.url(), "DROP INDEX visit_at");
    PlanOutcome small = scene.outcome(good, "schema.drift public.visit_at");

    // When
    grow("visit", 8_000);
    String refusal = scene.refused(good, "schema.drift public.visit_at");

    // Then
    assertThat(small).isInstanceOf(PlanOutcome.Planned.class);
    assertThat(refusal)
        .isEqualTo(
            "public.visit has about 7999 MB, which takes about 199s at 40 MB/s, longer than"
                + " deadlines.statement (120s): set that to 7m, and ask again");
  }

  @Test
  void anInvalidIndexIsNotBuiltAnewAndItsLeftoverIsDroppedWhateverItsSize() {
    // Given
    KnownGood good =
        scene.good("CREATE TABLE visit (at date)", "CREATE INDEX visit_at ON visit (at)");
    TestDatabases.run(
        scene.url(),
        "CREATE INDEX visit_ccnew ON visit (at)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN"
            + " ('visit_at'::regclass, 'visit_ccnew'::regclass)");

    // When
    grow("visit", 8_000);

    // Then
    assertThat(scene.refused(good, "index.invalid public.visit_at"))
        .contains("public.visit has about 7999 MB");
    assertThat(scene.outcome(good, "index.invalid public.visit_ccnew"))
        .isInstanceOf(PlanOutcome.Planned.class);
  }

  @Test
  void aTableThatIsMadeAnewHasLessTimeForItsRows() {
    // Given
    KnownGood good =
        scene.good(
            "CREATE TABLE visit (at date, n varchar(10))",
            "ALTER TABLE visit OWNER TO " + TestDatabases.role(scene.url()));
    TestDatabases.run(scene.url(), "ALTER TABLE visit ALTER n TYPE text");

    // When
    grow("visit", 1_500);

    // Then
    assertThat(scene.refused(good, "schema.drift public.visit.n"))
        .contains("at 8 MB/s, longer than deadlines.statement (120s): set that to 7m");
  }
}
