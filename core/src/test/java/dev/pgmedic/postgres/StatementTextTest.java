package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session runs is shown without what it is about. */
class StatementTextTest {

  @ParameterizedTest
  @MethodSource("statements")
  void hidesEveryLiteral(String statement, String shown) {
    assertThat(StatementText.of(statement)).isEqualTo(shown);
  }

  static Stream<Arguments> statements() {
    return Stream.of(
        arguments("SELECT 1", "SELECT ?"),
        arguments("SELECT a1, b$2 FROM t_3 WHERE id = $1", "SELECT a1, b$2 FROM t_3 WHERE id = $1"),
        arguments("SELECT -1.5e-10, 0x1F, 1_000, .5", "SELECT -?, ?, ?, .?"),
        arguments("SELECT 'it''s', 'x' || 'y'", "SELECT ?, ? || ?"),
        arguments("SELECT E'a\\'b', x", "SELECT ?, x"),
        arguments("SELECT e'\\\\', x", "SELECT ?, x"),
        arguments("SELECT U&'\\0041', B'01', X'1F', N'n', x", "SELECT ?, ?, ?, ?, x"),
        arguments("SELECT $$a'b$$, $t$ $$ $t$, x", "SELECT ?, ?, x"),
        arguments("SELECT \"col 'umn'\", \"a\"\"b\"", "SELECT \"col 'umn'\", \"a\"\"b\""),
        arguments("SELECT /* 'secret' /* 1 */ x */ a -- 'y'\n, b", "SELECT a , b"),
        arguments("SELECT\n\t a\r\n  FROM b", "SELECT a FROM b"),
        arguments("SELECT name'x' FROM e", "SELECT name? FROM e"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE ROLE app LOGIN PASSWORD 's3cret'",
        "ALTER USER app WITH ENCRYPTED PASSWORD E'\\'s3cret'",
        "ALTER ROLE app PASSWORD \"s3cret\" VALID UNTIL 'infinity'",
        "alter role app password s3cret",
        "CREATE ROLE app PASSWORD /* x */ 's3cret",
        "CREATE ROLE app PASSWORD $$s3cret",
        "SELECT 'a\\' || 's3cret'",
        "SELECT \"open, 's3cret'",
        "SELECT 1 /* s3cret",
        "SELECT dblink('host=h password=s3cret', $q$SELECT 's3cret'$q$)",
        "COPY t FROM PROGRAM 'curl https://u:s3cret@h'",
      })
  void neverShowsAPassword(String statement) {
    assertThat(StatementText.of(statement))
        .doesNotContain("s3cret")
        .startsWith(statement.substring(0, 4));
  }

  @Test
  void keepsWhatIsNoLiteralOfAStatementAboutPasswords() {
    assertThat(StatementText.of("ALTER ROLE app PASSWORD NULL"))
        .isEqualTo("ALTER ROLE app PASSWORD NULL");
    assertThat(StatementText.of("SELECT password FROM users"))
        .isEqualTo("SELECT password FROM users");
  }

  @Test
  void isBoundedAndOneLineOfVisibleCharacters() {
    // Given
    String hostile = "SELECT \"\u001b[2J\u202e\u0000x\" FROM " + "a".repeat(1_000_000);

    // When
    String shown = StatementText.of(hostile);

    // Then
    assertThat(shown).hasSize(StatementText.LONGEST).endsWith("...");
    assertThat(shown).startsWith("SELECT \"\\u{1b}[2J\\u{202e}\\u{0}x\" FROM aaa");
  }

  @Test
  void aNameCannotEndItsQuotes() {
    assertThat(ForeignText.quoted("a\" (\"b\\")).isEqualTo("\"a\\\" (\\\"b\\\\\"");
    assertThat(ForeignText.quoted("\u00e9\ud83d\ude00\u200b"))
        .isEqualTo("\"\u00e9\ud83d\ude00\\u{200b}\"");
  }

  @Test
  void isNeverCutInTheMiddleOfACharacter() {
    // Given
    String faces = "\ud83d\ude00".repeat(10);

    // When
    String cut = ForeignText.visible(faces, 10);

    // Then
    assertThat(cut).isEqualTo("\ud83d\ude00".repeat(3) + "...");
  }
}
