package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;

/**
 * What is done to a target, written down in the target itself and in the transaction that does it:
 * every definition that is made or changed, and every row of a migration tool's own tables. Each
 * can be held up until a gate opens.
 */
final class Effects {

  /** Shuts the gate until the transaction ends. */
  static final String SHUT = "SELECT pg_advisory_xact_lock(4242)";

  private static final String GATE = "pg_catalog.pg_advisory_xact_lock_shared(4242)";

  // Not DROP INDEX: CONCURRENTLY, it must be the first in its transaction.
  private static final String TAGS =
      """
      WHEN TAG IN ('CREATE SCHEMA', 'CREATE TABLE', 'CREATE TYPE', 'CREATE VIEW', 'CREATE INDEX',
        'CREATE SEQUENCE', 'ALTER SEQUENCE', 'ALTER TABLE', 'ALTER TYPE')\
      """;

  private final PostgresUrl url;

  Effects(PostgresUrl url) {
    this.url = url;
  }

  /** Begins to write them down. */
  void watch() {
    TestDatabases.run(
        url,
        "CREATE SCHEMA trace",
        "CREATE TABLE trace.done (what text, whole text, at xid8 DEFAULT pg_current_xact_id())",
        "CREATE FUNCTION trace.held_up() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM "
            + GATE
            + "; END $$",
        "CREATE FUNCTION trace.defined() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            + " $$ BEGIN INSERT INTO trace.done (what, whole) SELECT DISTINCT command_tag,"
            + " object_identity FROM pg_catalog.pg_event_trigger_ddl_commands()"
            + " WHERE schema_name IS DISTINCT FROM 'pg_temp'; END $$",
        "CREATE FUNCTION trace.written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
            + " BEGIN PERFORM "
            + GATE
            + "; INSERT INTO trace.done (what, whole) VALUES (TG_OP || ' ' || TG_TABLE_NAME,"
            + " NEW::text); RETURN NULL; END $$",
        """
        DO $$ DECLARE t text; BEGIN
          FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
            WHERE schemaname = 'public' AND tablename ~ 'lock|migration|alembic'
          LOOP
            EXECUTE 'CREATE TRIGGER written AFTER INSERT OR UPDATE ON ' || t
              || ' FOR EACH ROW EXECUTE FUNCTION trace.written()';
          END LOOP; END $$\
        """,
        "CREATE EVENT TRIGGER held_up ON ddl_command_start "
            + TAGS
            + " EXECUTE FUNCTION trace.held_up()",
        "CREATE EVENT TRIGGER defined ON ddl_command_end "
            + TAGS
            + " EXECUTE FUNCTION trace.defined()");
  }

  /** No effect was had in more than one transaction. */
  void assertNoneTwice() {
    assertThat(
            TestDatabases.query(
                url,
                "SELECT what || ' ' || whole FROM trace.done GROUP BY what, whole"
                    + " HAVING count(DISTINCT at) > 1"))
        .as("done twice")
        .isEmpty();
  }

  /** All that was done, and the files of all indexes: built anew, an index has another one. */
  List<String> all() {
    return TestDatabases.query(
        url,
        "SELECT what || ' ' || whole || ' ' || at FROM trace.done UNION ALL SELECT 'file '"
            + " || relname || ' ' || relfilenode FROM pg_class WHERE relkind = 'i'"
            + " AND relnamespace = 'public'::regnamespace ORDER BY 1");
  }

  /** No half-built index is left. */
  void assertNothingHalf() {
    assertThat(
            TestDatabases.query(
                url,
                "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
                    + " OR indexrelid::regclass::text ~ '_cc(new|old)'"))
        .as("half-built indexes")
        .isEmpty();
  }
}
