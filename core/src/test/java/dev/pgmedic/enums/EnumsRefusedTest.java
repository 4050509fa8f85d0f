package dev.pgmedic.enums;

import static dev.pgmedic.enums.EnumScene.LIMIT;
import static dev.pgmedic.enums.EnumScene.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a type cannot be ensured, the error says why and what helps. */
@Timeout(180)
class EnumsRefusedTest {

  private final EnumScene scene = new EnumScene();
  private final PostgresUrl url = TestDatabases.fresh();

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE TABLE mood (id int), a table",
    "CREATE DOMAIN mood AS text, a domain",
    "CREATE TYPE mood AS RANGE (SUBTYPE = int), a range type",
    "CREATE TYPE mood AS (id int), composite type",
    "CREATE TYPE mood, a pseudo-type",
    "DROP SCHEMA public CASCADE, no such schema",
  })
  void whatStandsInTheWayIsNamed(String statement, String expected) {
    // Given
    TestDatabases.run(url, statement);

    // When
    Throwable error = catchThrowable(() -> scene.ensure(url, type("public", "mood", "a")));

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining(expected);
  }

  @Test
  void aMissingRightIsNamedAndItsRemedyHelps() {
    // Given
    String owner = TestDatabases.role(url);
    String guest = TestDatabases.role(url);
    TestDatabases.run(url, "CREATE SCHEMA app AUTHORIZATION " + owner);

    // When
    List<String> remedies = remedies(guest, "a");
    TestDatabases.run(url, "DROP TYPE app.mood");
    scene.make(TestDatabases.as(url, owner), type("app", "mood", "a"));
    TestDatabases.run(url, "REVOKE ALL ON SCHEMA app FROM " + guest);
    remedies.addAll(remedies(guest, "a", "b"));
    TestDatabases.run(url, "ALTER TYPE app.mood OWNER TO postgres");
    remedies.addAll(remedies(guest, "a", "b", "c"));

    // Then
    assertThat(remedies)
        .containsExactly(
            "GRANT CREATE ON SCHEMA app TO " + guest,
            "GRANT USAGE ON SCHEMA app TO " + guest,
            "GRANT " + owner + " TO " + guest,
            "ALTER TYPE app.mood OWNER TO " + guest);
  }

  // Follows the advice of each error until there is none.
  private List<String> remedies(String role, String... labels) {
    List<String> remedies = new ArrayList<>();
    EnumType type = type("app", "mood", labels);
    Throwable error;
    while ((error = catchThrowable(() -> scene.ensure(TestDatabases.as(url, role), type)))
        != null) {
      assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("; what helps: ");
      remedies.add(error.getMessage().split("; what helps: ", -1)[1]);
      assertThat(remedies).doesNotHaveDuplicates();
      TestDatabases.run(url, remedies.get(remedies.size() - 1));
    }
    return remedies;
  }

  @ParameterizedTest
  @ValueSource(strings = {"BEGIN", "BEGIN; SELECT 1/0"})
  void aSessionWithinATransactionIsRefused(String begun) {
    // Given
    PgConnection session = scene.connect(url);
    session.query(begun).execute().otherwiseEmpty().await();

    // When
    Throwable error =
        catchThrowable(() -> Enums.ensure(session, type("public", "mood", "a"), LIMIT).await());

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("transaction");
    session.close().await();
  }

  @Test
  void aTypeThatIsOnlyExtendedIsNeverMade() {
    // Given
    PgConnection session = scene.connect(url);
    EnumType type = type("public", "mood", "a", "b");

    // When
    Throwable error = catchThrowable(() -> Enums.extend(session, type, LIMIT).await());
    scene.make(url, type("public", "mood", "a"));
    Ensured extended = Enums.extend(session, type, LIMIT).await();

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("is not there");
    assertThat(extended).isEqualTo(new Ensured.Extended(List.of("b")));
    session.close().await();
  }

  @Test
  void aTypeThatNoServerCouldHaveIsRefusedAtOnce() {
    assertThat(catchThrowable(() -> type("public", "mood", "a", "a")))
        .hasMessageContaining("each label once");
    assertThat(catchThrowable(() -> type("public", "mood", "é".repeat(32))))
        .hasMessageContaining("at most 63 bytes")
        .hasMessageContaining("found 64 bytes");
    assertThat(catchThrowable(() -> type("public", "mood", "half \ud83d")))
        .hasMessageContaining("half a character");
    assertThat(catchThrowable(() -> type("public", "mood", "a\0"))).hasMessageContaining("NUL");
    assertThat(catchThrowable(() -> type("", "mood"))).hasMessageContaining("a schema");
    assertThat(catchThrowable(() -> type("public", ""))).hasMessageContaining("a name");
  }
}
