package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated SQL that could lose something is told from SQL that only says so. */
class HarmlessSqlTest {

  @Test
  void splitsOutsideQuotesCommentsAndBodies() {
    // When
    List<String> statements =
        SqlScript.statements(
            """
            SET TIMEZONE TO 'UTC';
            -- DEPCY: a; comment
            CREATE TABLE "a;b" (c text DEFAULT 'x;''y');
            CREATE FUNCTION f() RETURNS void AS $body$ BEGIN DELETE FROM t; END $body$ LANGUAGE x;
            COMMENT ON TABLE t IS E'it\\'s; so' /* ; */;
            """);

    // Then
    assertThat(statements).hasSize(3);
    assertThat(statements.get(0)).startsWith("CREATE TABLE");
    assertThat(statements.get(1)).endsWith("LANGUAGE x");
    assertThat(statements.get(2)).startsWith("COMMENT ON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE \"DROP TABLE users\" (id int)",
        "CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM t $$ LANGUAGE sql",
        "ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (c) REFERENCES d(e) ON DELETE CASCADE",
        "ALTER TABLE a ADD COLUMN b text DEFAULT 'DROP'",
        "GRANT DELETE, TRUNCATE ON TABLE a TO b",
        "COMMENT ON TABLE a IS 'ALTER TABLE x DROP COLUMN y'",
        "ALTER TABLE a OWNER TO b",
      })
  void letsPassWhatOnlyMakes(String statement) {
    assertThat(SqlScript.isHarmless(statement)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP TABLE a",
        "TRUNCATE a",
        "DELETE FROM a",
        "UPDATE a SET b = 1",
        "INSERT INTO a VALUES (1)",
        "ALTER TABLE a DROP COLUMN b",
        "ALTER TABLE a\n\tDROP CONSTRAINT b",
        "ALTER TABLE a ALTER COLUMN b TYPE int USING b::int",
        "ALTER TABLE a ALTER b SET DATA TYPE int",
        "ALTER TABLE a RENAME COLUMN b TO c",
        "ALTER TABLE a DETACH PARTITION b",
        "ALTER TYPE a DROP ATTRIBUTE b",
        "DO $$ BEGIN DROP TABLE a; END $$",
      })
  void refusesWhatCouldLose(String statement) {
    assertThat(SqlScript.isHarmless(statement)).isFalse();
  }
}
