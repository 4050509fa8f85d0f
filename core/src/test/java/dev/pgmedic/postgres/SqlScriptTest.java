package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class SqlScriptTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE public.\"we\"\"ird; DROP TABLE users--\" (id int)",
        "CREATE TABLE public.\"DROP\" (\"TRUNCATE\" int)",
        "ALTER TABLE public.a ADD CONSTRAINT b FOREIGN KEY (c) REFERENCES d(e) ON DELETE CASCADE",
        "ALTER TABLE public.a ADD COLUMN b text DEFAULT 'DROP TABLE c; DELETE FROM d'",
        "CREATE FUNCTION a() RETURNS void LANGUAGE sql AS $$DELETE FROM b; DROP TABLE c$$",
        "CREATE FUNCTION a() RETURNS void LANGUAGE sql AS $x$ $$ DROP TABLE c; $$ $x$",
        "CREATE FUNCTION a() RETURNS void LANGUAGE sql AS 'DROP TABLE b'",
        "COMMENT ON TABLE public.a IS 'ALTER TABLE b DROP COLUMN c'",
        "CREATE TABLE a (id int /* DROP TABLE b */)",
        "CREATE TABLE a (id int) -- DROP TABLE b",
        "ALTER TABLE public.a ALTER COLUMN b SET DEFAULT 1",
        "ALTER TABLE public.a OWNER TO b",
        "ALTER SEQUENCE a OWNED BY b.c",
        "GRANT SELECT, DELETE, TRUNCATE ON TABLE a TO b",
        "create table a (id int)",
      })
  void whatMakesSomethingIsHarmless(String statement) {
    assertThat(SqlScript.isHarmless(statement)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE a",
        "drop table a",
        "TRUNCATE a",
        "DELETE FROM a",
        "UPDATE a SET b = 1",
        "INSERT INTO a VALUES (1)",
        "SELECT setval('a', 1)",
        "DO $$BEGIN DROP TABLE a; END$$",
        "ALTER TABLE a DROP COLUMN b",
        "ALTER TABLE a\n\tDROP\n\tCONSTRAINT b",
        "ALTER TABLE \"ADD\" DROP COLUMN \"b\"",
        "ALTER TABLE a ADD COLUMN b int, DROP COLUMN c",
        "ALTER TABLE a ALTER COLUMN b TYPE int",
        "ALTER TABLE a ALTER b TYPE int",
        "ALTER TABLE a ALTER COLUMN \"b c\" TYPE int USING 1",
        "ALTER TABLE a ALTER COLUMN b SET DATA TYPE int",
        "ALTER TABLE a ALTER COLUMN b DROP NOT NULL",
        "ALTER TABLE a RENAME TO b",
        "ALTER TABLE a DETACH PARTITION b",
        "ALTER TYPE a RENAME VALUE 'b' TO 'c'",
        "ALTER TYPE a DROP ATTRIBUTE b",
        "ALTER TABLE a /* ADD */ DROP /* x */ COLUMN b",
        "ALTER TABLE a -- ADD\n DROP COLUMN b",
        "ALTER TABLE a ADD COLUMN e text DEFAULT E'\\'' , DROP COLUMN c --'",
        "ALTER TABLE a ADD COLUMN somee text DEFAULT 'x\\', DROP COLUMN c",
        "/* /* */ ' */ DROP TABLE a --'",
        "ALTER TABLE a ADD COLUMN b int /* /* */ ' */ , DROP COLUMN c --'",
        "",
        "VACUUM a",
        "COPY a FROM PROGRAM 'rm'",
      })
  void whatCouldLoseSomethingIsNot(String statement) {
    assertThat(SqlScript.isHarmless(statement)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE a (id int); CREATE INDEX CONCURRENTLY b ON a (id)",
        "-- first\nBEGIN; CREATE TYPE a AS ENUM ('b'); COMMIT;",
        "ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (c) REFERENCES d(e) ON DELETE SET NULL",
        "create table a (b text default 'INSERT INTO c'); create unique index c on a (b)",
        "CREATE MATERIALIZED VIEW a AS SELECT 1; CREATE POLICY b ON c; CREATE SEQUENCE d",
        "CREATE FUNCTION a() RETURNS void LANGUAGE sql AS $$DELETE FROM b$$",
        "",
      })
  void whatOnlyDefinesObjectsIsKnown(String script) {
    assertThat(SqlScript.definesOnly(script)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE a (id int); INSERT INTO a VALUES (1)",
        "CREATE TABLE a AS SELECT 1",
        "create unlogged table a as table b",
        "UPDATE a SET b = 1",
        "SELECT setval('a', 1)",
        "DO $$ BEGIN END $$",
        "ALTER TABLE a ALTER COLUMN b SET NOT NULL",
        "ALTER TABLE a ADD COLUMN b int, DROP COLUMN c",
        "ALTER TYPE a ADD VALUE 'b'",
        "CREATE OR REPLACE FUNCTION a() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON a TO b",
        "COMMENT ON TABLE a IS 'b'",
        "CREATE SCHEMA a",
        "CREATE EXTENSION a",
        "CREATE DOMAIN a AS int",
        "CREATE TEMP TABLE a (id int)",
        "ALTER TABLE a ADD COLUMN b int, ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE a OWNER TO b",
        "DROP TABLE a",
        "WITH b AS (DELETE FROM a RETURNING *) SELECT * FROM b",
      })
  void whatMayDoMoreIsNot(String script) {
    assertThat(SqlScript.definesOnly(script)).isFalse();
  }

  @Test
  void aScriptIsCutAtTheSemicolonsThatEndStatements() {
    // Given
    String script =
        """
        SET search_path = pg_catalog;

        -- DEPCY: a; comment
        CREATE TABLE "a;b" (c text DEFAULT ';');
        CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $_$ SELECT ';'; $_$;
        /* one; /* two; */ still; */ COMMENT ON TABLE a IS E'\\';';
        """;

    // When
    var statements = SqlScript.statements(script);

    // Then
    assertThat(statements)
        .containsExactly(
            "CREATE TABLE \"a;b\" (c text DEFAULT ';')",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $_$ SELECT ';'; $_$",
            "/* one; /* two; */ still; */ COMMENT ON TABLE a IS E'\\';'");
  }
}
