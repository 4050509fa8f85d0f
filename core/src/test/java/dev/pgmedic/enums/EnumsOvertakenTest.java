package dev.pgmedic.enums;

import static dev.pgmedic.enums.EnumScene.LIMIT;
import static dev.pgmedic.enums.EnumScene.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.pgclient.PgConnection;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody else has committed between our look and our statement. */
@Timeout(180)
class EnumsOvertakenTest {

  private static final String LOOK = "pg_enum";
  private static final String CREATION = "AS ENUM (";
  private static final String ADDITION = "ALTER TYPE";

  private final EnumScene scene = new EnumScene();
  private final PostgresUrl url = TestDatabases.fresh();
  private final PgConnection session = scene.connect(url);

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whoeverMadeTheSameTypeIsNoError() {
    // Given
    PgConnection overtaken =
        overtaken(Map.of(CREATION, "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')"));

    // When
    Ensured ensured = Enums.ensure(overtaken, type("public", "mood", "sad", "ok"), LIMIT).await();

    // Then
    assertThat(ensured).isEqualTo(new Ensured.Unchanged(List.of("happy")));
    assertThat(TestDatabases.log(url)).anyMatch(line -> line.contains("already exists"));
  }

  @Test
  void whoeverMadeAnotherTypeIsAConflict() {
    // Given
    PgConnection overtaken = overtaken(Map.of(CREATION, "CREATE TYPE mood AS ENUM ('ok', 'sad')"));

    // When
    Throwable error = failure(overtaken);

    // Then
    assertThat(error).isInstanceOf(EnumConflict.class).hasMessageContaining("('ok', 'sad')");
  }

  @Test
  void whoeverTookTheNameForATableIsNamed() {
    // Given
    PgConnection overtaken = overtaken(Map.of(CREATION, "CREATE TABLE mood (id int)"));

    // When
    Throwable error = failure(overtaken);

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("a table");
  }

  @Test
  void aSchemaThatVanishedIsNamed() {
    // Given
    PgConnection overtaken = overtaken(Map.of(CREATION, "DROP SCHEMA public CASCADE"));

    // When
    Throwable error = failure(overtaken);

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("no such schema");
  }

  @Test
  void aTypeThatVanishedIsMadeAgain() {
    // Given
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('sad')");
    PgConnection overtaken = overtaken(Map.of(ADDITION, "DROP TYPE mood"));

    // When
    Ensured ensured = Enums.ensure(overtaken, type("public", "mood", "sad", "ok"), LIMIT).await();

    // Then
    assertThat(ensured).isEqualTo(new Ensured.Created());
  }

  @Test
  void whoeverDropsItAsOftenAsItIsMadeIsNotFoughtForEver() {
    // Given
    PgConnection overtaken =
        overtaken(
            Map.of(
                LOOK, "DROP TYPE IF EXISTS mood",
                CREATION, "CREATE TYPE mood AS ENUM ('sad', 'ok')"));

    // When
    Throwable error = failure(overtaken);

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("others changed it");
  }

  private static Throwable failure(PgConnection session) {
    return catchThrowable(
        () -> Enums.ensure(session, type("public", "mood", "sad", "ok"), LIMIT).await());
  }

  // The session, with statements of somebody else right before ours.
  private PgConnection overtaken(Map<String, String> others) {
    return (PgConnection)
        Proxy.newProxyInstance(
            PgConnection.class.getClassLoader(),
            new Class<?>[] {PgConnection.class},
            (proxy, method, arguments) -> {
              if (method.getName().endsWith("uery")) {
                String ours = (String) arguments[0];
                others.forEach((part, theirs) -> {
                  if (ours.contains(part)) {
                    TestDatabases.run(url, theirs);
                  }
                });
              }
              return method.invoke(session, arguments);
            });
  }
}
