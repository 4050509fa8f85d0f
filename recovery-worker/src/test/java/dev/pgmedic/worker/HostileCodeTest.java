package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code of a target that runs in a recovery runs as its owner, who gets no other rights by it. */
@Timeout(180)
class HostileCodeTest {

  private static final String[] TRAP = {
    "CREATE DOMAIN small AS int CHECK (public.spy(VALUE, 'domain') < 100)",
    """
    CREATE TABLE trap (
      id int PRIMARY KEY CONSTRAINT sane CHECK (public.spy(id, 'check') > 0), v varchar(10),
      small small DEFAULT public.spy(1, 'default'),
      made int GENERATED ALWAYS AS (public.spy(id, 'generated')) STORED)
    """,
    "INSERT INTO trap (id, v) VALUES (1, 'a'), (2, 'b')",
    "CREATE INDEX by_spy ON trap (public.spy(id, 'index')) WHERE public.spy(id, 'predicate') > 0",
    "CREATE TRIGGER trigger BEFORE INSERT OR UPDATE ON trap"
        + " FOR EACH ROW EXECUTE FUNCTION ambush()",
    "ALTER TABLE trap ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY policy ON trap USING (public.spy(id, 'policy') > 0)",
    "CREATE VIEW looks AS SELECT id, public.spy(id, 'view') AS n FROM trap",
    "CREATE RULE rule AS ON INSERT TO looks DO INSTEAD SELECT public.spy(1, 'rule')",
    "COMMENT ON TABLE trap IS E'\\'; DROP TABLE secret; --\\n\\\\\\'; DROP TABLE secret; -- $$ ü'",
  };

  private final HostileScene scene = new HostileScene(Optional.empty());

  @AfterEach
  void close() {
    scene.close();
  }

  private void trap() {
    scene.asOwner(TRAP);
    scene.keep();
  }

  private void assertHealed(RecoveryTask ended) {
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
    scene.assertConfined();
  }

  @Test
  void rowsAreCopiedAsTheirOwner() {
    // Given: nothing may rest on a table that is made anew
    scene.asOwner(TRAP);
    scene.asOwner("DROP VIEW looks");
    scene.keep();
    scene.asOwner("ALTER TABLE trap ALTER v TYPE text");

    // When
    RecoveryTask ended = scene.healed("schema.drift public.trap.v");

    // Then
    assertHealed(ended);
    assertThat(scene.ran())
        .contains("check", "generated", "index")
        .doesNotContain("default", "policy", "trigger");
    assertThat(TestDatabases.query(scene.url(), "SELECT id || v FROM trap ORDER BY 1"))
        .containsExactly("1a", "2b");
  }

  @Test
  void anInvalidIndexIsBuiltAsItsOwner() {
    // Given
    trap();
    TestDatabases.run(
        scene.url(),
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_spy'::regclass");

    // When
    RecoveryTask ended = scene.healed("index.invalid public.by_spy");

    // Then
    assertHealed(ended);
    assertThat(scene.ran()).contains("index", "predicate");
  }

  @Test
  void aMissingIndexIsBuiltAsItsOwner() {
    // Given
    trap();
    scene.asOwner("DROP INDEX by_spy");

    // When
    RecoveryTask ended = scene.healed("schema.drift public.by_spy");

    // Then
    assertHealed(ended);
    assertThat(scene.ran()).contains("index", "predicate");
  }

  @Test
  void aMissingConstraintIsCheckedAsItsOwner() {
    // Given
    trap();
    scene.asOwner("ALTER TABLE trap DROP CONSTRAINT sane");

    // When
    RecoveryTask ended = scene.healed("schema.drift public.trap.sane");

    // Then
    assertHealed(ended);
    assertThat(scene.ran()).containsExactly("check");
  }

  @Test
  void aTableThatComesBackRunsNothingOfItsOwn() {
    // Given
    trap();
    String comment = comment();
    scene.asOwner("DROP TABLE trap CASCADE");

    // When
    RecoveryTask ended = scene.healed("table.missing public.trap");

    // Then
    assertHealed(ended);
    assertThat(scene.ran()).isEmpty();
    assertThat(comment()).isEqualTo(comment);
  }

  private String comment() {
    return TestDatabases.query(scene.url(), "SELECT obj_description('trap'::regclass)").get(0);
  }

  @Test
  void aToolsLockRowIsClearedAsItsOwner() {
    // Given
    TestDatabases.run(scene.url(), HostileNamesTest.staged("knex"));
    TestDatabases.run(
        scene.url(),
        "ALTER TABLE knex_migrations OWNER TO " + scene.owner(),
        "ALTER TABLE knex_migrations_lock OWNER TO " + scene.owner());
    scene.asOwner(
        "CREATE TRIGGER history BEFORE UPDATE ON knex_migrations_lock"
            + " FOR EACH ROW EXECUTE FUNCTION ambush()");
    scene.keep();
    scene.asOwner("UPDATE knex_migrations_lock SET is_locked = 1");

    // When
    RecoveryTask ended = scene.healed("lock.row-stale public.knex_migrations_lock 1");

    // Then
    assertHealed(ended);
    assertThat(scene.ran()).containsExactly("history");
  }

  @Test
  void anEventTriggerSeesTheOwnerDefine() {
    // Given: a superuser's own, which only looks
    trap();
    TestDatabases.run(
        scene.url(),
        "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN"
            + " INSERT INTO public.spied VALUES (TG_TAG, current_user, TG_EVENT); END'",
        "CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION watch()");
    scene.asOwner("DROP INDEX by_spy");

    // When
    RecoveryTask ended = scene.healed("schema.drift public.by_spy");

    // Then
    assertHealed(ended);
    assertThat(scene.ran()).contains("CREATE INDEX");
  }

  @Test
  void anEventTriggerThatRunsTheCodeOfARoleStopsTheRecovery() {
    // Given
    trap();
    scene.asOwner(
        "CREATE FUNCTION lurk() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " 'BEGIN PERFORM public.tell(TG_TAG); END'",
        "DROP INDEX by_spy");
    TestDatabases.run(
        scene.url(),
        "CREATE EVENT TRIGGER \"lur\"\"king\" ON ddl_command_start EXECUTE FUNCTION lurk()");

    // When
    RecoveryTask ended = scene.healed("schema.drift public.by_spy");

    // Then
    assertThat(ended.state().label()).isEqualTo("failed");
    assertThat(ended.toString()).contains("lur\\\"king", scene.owner());
    assertThat(scene.ran()).isEmpty();
    scene.assertConfined();
  }

  @Test
  void withoutThatItWouldTakeOurRights() {
    // When: the same function, called by the login itself
    TestDatabases.run(
        TestDatabases.as(scene.url(), scene.recovery()),
        "SET ROLE " + scene.owner(),
        "SELECT public.tell('bare')");

    // Then
    assertThat(TestDatabases.query(scene.url(), "SELECT why FROM spied"))
        .isEqualTo(List.of("came", "ESCAPED"));
  }
}
