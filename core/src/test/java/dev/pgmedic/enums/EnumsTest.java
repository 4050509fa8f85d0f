package dev.pgmedic.enums;

import static dev.pgmedic.enums.EnumScene.LIMIT;
import static dev.pgmedic.enums.EnumScene.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.pgclient.PgConnection;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class EnumsTest {

  private final EnumScene scene = new EnumScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aTypeIsMadeAndThenLeftAlone() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    EnumType type = type("public", "mood", "sad", "ok");

    // When
    List<Ensured> ensured = List.of(scene.ensure(url, type), scene.ensure(url, type));

    // Then
    assertThat(ensured).containsExactly(new Ensured.Created(), new Ensured.Unchanged(List.of()));
    assertThat(labels(url, "mood")).containsExactly("sad", "ok");
  }

  @ParameterizedTest
  @CsvSource({
    "b|d, a|b|c|d|e, a|c|e",
    "'', a|b, a|b",
    "a, a|b, b",
    "b, a|b, a",
  })
  void missingLabelsAreAddedAtTheirPlaces(String present, String wanted, String added) {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    scene.make(url, new EnumType("public", "mood", present.isEmpty() ? List.of() : split(present)));

    // When
    Ensured ensured = scene.ensure(url, new EnumType("public", "mood", split(wanted)));

    // Then
    assertThat(ensured).isEqualTo(new Ensured.Extended(split(added)));
    assertThat(labels(url, "mood")).isEqualTo(split(wanted));
  }

  @Test
  void labelsOfANewerReplicaAreLeftAlone() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    scene.make(url, type("public", "mood", "sad", "ok", "happy"));

    // When
    Ensured older = scene.ensure(url, type("public", "mood", "sad", "happy"));

    // Then
    assertThat(older).isEqualTo(new Ensured.Unchanged(List.of("ok")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok|sad", "sad|great", "x|y|z"})
  void aConflictShowsBothListsAndChangesNothing(String wanted) {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    scene.make(url, type("public", "mood", "sad", "ok"));

    // When
    Throwable error =
        catchThrowable(() -> scene.ensure(url, new EnumType("public", "mood", split(wanted))));

    // Then
    assertThat(error)
        .isInstanceOf(EnumConflict.class)
        .hasMessageContaining("\"public\".\"mood\"")
        .hasMessageContaining("wanted the labels " + EnumLabels.visible(split(wanted)))
        .hasMessageContaining("found ('sad', 'ok')")
        .hasMessageContaining("use another name");
    assertThat(((EnumConflict) error).wanted()).isEqualTo(split(wanted));
    assertThat(((EnumConflict) error).present()).containsExactly("sad", "ok");
    assertThat(labels(url, "mood")).containsExactly("sad", "ok");
  }

  static Stream<EnumType> hostileTypes() {
    return Stream.of(
        type("public", "it's", "it's", "\"quoted\"", "back\\slash", "%s $1", ""),
        type("Tür\"; DROP TABLE x; --", "ünïcode ✓", "ç", "日本", "😀", "a\nb"),
        type("public", "n".repeat(63), "é".repeat(31) + "x", "l".repeat(63)),
        type("select", "table", "null", "NULL", "true"),
        type("public", "none"));
  }

  @ParameterizedTest
  @MethodSource("hostileTypes")
  void anyNameAndAnyLabelIsTaken(EnumType type) {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(
        url,
        "CREATE SCHEMA IF NOT EXISTS \"%s\"".formatted(type.schema().replace("\"", "\"\"")),
        "ALTER DATABASE %s SET standard_conforming_strings = off".formatted(url.database()),
        "ALTER DATABASE %s SET search_path = nowhere".formatted(url.database()));

    // When
    Ensured first = scene.ensure(url, new EnumType(type.schema(), type.name(), List.of()));
    Ensured all = scene.ensure(url, type);

    // Then
    assertThat(first).isEqualTo(new Ensured.Created());
    assertThat(all)
        .isEqualTo(
            type.labels().isEmpty()
                ? new Ensured.Unchanged(List.of())
                : new Ensured.Extended(type.labels()));
    assertThat(labels(url, type.qualified().replace("'", "''"))).isEqualTo(type.labels());
  }

  @Test
  void theArrayTypeOfAnotherTypeIsNotInTheWay() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    scene.make(url, type("public", "mood", "a"));

    // When
    Ensured ensured = scene.ensure(url, type("public", "_mood", "b"));

    // Then
    assertThat(ensured).isEqualTo(new Ensured.Created());
    assertThat(labels(url, "_mood")).containsExactly("b");
  }

  @Test
  void labelsAreUsedAtOnceAndTheSessionIsLeftAsItWas() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    PgConnection session = scene.connect(url);
    scene.make(url, type("public", "mood", "a"));
    session.query("SET statement_timeout = '5s'; SET lock_timeout = '7s'").execute().await();

    // When
    String used =
        Enums.ensure(session, type("public", "mood", "a", "b"), LIMIT)
            .compose(done ->
                session
                    .query(
                        "SELECT 'b'::public.mood || ' ' || current_setting('statement_timeout')"
                            + " || ' ' || current_setting('lock_timeout')"
                            + " || ' ' || current_setting('client_min_messages')")
                    .execute())
            .await()
            .iterator()
            .next()
            .getString(0);

    // Then
    assertThat(used).isEqualTo("b 5s 7s notice");
    session.close().await();
  }

  static List<Integer> versions() {
    return PostgresServers.sample();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everySupportedServerDoesTheSame(int version) throws Exception {
    try (EmbeddedPostgres server = PostgresServers.start(version)) {
      // Given
      PostgresUrl url = PostgresServers.url(server);
      EnumType small = type("public", "mood's", "ok");
      EnumType reordered = type("public", "mood's", "ok", "sa\\d");
      EnumType large = type("public", "mood's", "sa\\d", "ok", "hap'py ✓");

      // When
      List<Ensured> ensured =
          Stream.of(small, large, large, small).map(type -> scene.ensure(url, type)).toList();

      // Then
      assertThat(ensured)
          .containsExactly(
              new Ensured.Created(),
              new Ensured.Extended(List.of("sa\\d", "hap'py ✓")),
              new Ensured.Unchanged(List.of()),
              new Ensured.Unchanged(List.of("sa\\d", "hap'py ✓")));
      assertThat(catchThrowable(() -> scene.ensure(url, reordered)))
          .isInstanceOf(EnumConflict.class);
    }
  }

  private static List<String> split(String labels) {
    return List.of(labels.split("\\|", -1));
  }

  private static List<String> labels(PostgresUrl url, String type) {
    return TestDatabases.query(
        url,
        "SELECT enumlabel FROM pg_enum WHERE enumtypid = '%s'::regtype ORDER BY enumsortorder"
            .formatted(type));
  }
}
