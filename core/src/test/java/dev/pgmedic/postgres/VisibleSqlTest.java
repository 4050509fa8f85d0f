package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL that people read shows no name as its own terminal commands, and means the same. */
class VisibleSqlTest {

  private static final PostgresUrl URL = TestDatabases.fresh();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "é \"quoted\" 'twice' \\back",
        "\u001b[2J\nnext \"line\" 'of' \\a script",
        "\u202ebackwards \ud83d\ude00 \u2028"
      })
  void whatIsWrittenVisiblyIsReadAsItWas(String name) {
    // When
    String sql =
        "SELECT %s || '|' || column_name FROM (SELECT 1 AS %s) x, LATERAL (SELECT"
            + " jsonb_object_keys(to_jsonb(x)) AS column_name) y";
    sql = sql.formatted(Sql.visibleLiteral(name), Sql.visibleIdentifier(name));

    // Then
    assertThat(ForeignText.isVisible(sql)).isTrue();
    assertThat(TestDatabases.query(URL, sql)).containsExactly(name + "|" + name);
  }
}
