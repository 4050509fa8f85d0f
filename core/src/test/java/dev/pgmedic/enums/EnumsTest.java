package dev.pgmedic.enums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EnumsTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aTypeIsMadeAndThenLeftAlone() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    EnumType type = type("public", "mood", "sad", "ok");

    // When
    List<Ensured> ensured = List.of(ensure(url, type), ensure(url, type));

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
    make(url, new EnumType("public", "mood", present.isEmpty() ? List.of() : split(present)));

    // When
    Ensured ensured = ensure(url, new EnumType("public", "mood", split(wanted)));

    // Then
    assertThat(ensured).isEqualTo(new Ensured.Extended(split(added)));
    assertThat(labels(url, "mood")).isEqualTo(split(wanted));
  }

  @Test
  void labelsOfANewerReplicaAreLeftAlone() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    make(url, type("public", "mood", "sad", "ok", "happy"));

    // When
    Ensured older = ensure(url, type("public", "mood", "sad", "happy"));

    // Then
    assertThat(older).isEqualTo(new Ensured.Unchanged(List.of("ok")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok|sad", "sad|great", "x|y|z"})
  void aConflictShowsBothListsAndChangesNothing(String wanted) {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    make(url, type("public", "mood", "sad", "ok"));

    // When
    Throwable error =
        catchThrowable(() -> ensure(url, new EnumType("public", "mood", split(wanted))));

    // Then
    assertThat(error)
        .isInstanceOf(EnumConflict.class)
        .hasMessageContaining("\"public\".\"mood\"")
        .hasMessageContaining(split(wanted).toString())
        .hasMessageContaining("[sad, ok]");
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
    Ensured first = ensure(url, new EnumType(type.schema(), type.name(), List.of()));
    Ensured all = ensure(url, type);

    // Then
    assertThat(first).isEqualTo(new Ensured.Created());
    assertThat(all)
        .isEqualTo(
            type.labels().isEmpty()
                ? new Ensured.Unchanged(List.of())
                : new Ensured.Extended(type.labels()));
    assertThat(labels(url, type.qualified().replace("'", "''"))).isEqualTo(type.labels());
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE TABLE mood (id int), a table",
    "CREATE DOMAIN mood AS text, a domain",
    "CREATE TYPE mood AS RANGE (SUBTYPE = int), a range type",
    "DROP SCHEMA public CASCADE, no such schema",
  })
  void whatStandsInTheWayIsNamed(String statement, String expected) {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, statement);

    // When
    Throwable error = catchThrowable(() -> ensure(url, type("public", "mood", "a")));

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining(expected);
  }

  @Test
  void theArrayTypeOfAnotherTypeIsNotInTheWay() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    make(url, type("public", "mood", "a"));

    // When
    Ensured ensured = ensure(url, type("public", "_mood", "b"));

    // Then
    assertThat(ensured).isEqualTo(new Ensured.Created());
    assertThat(labels(url, "_mood")).containsExactly("b");
  }

  @Test
  void aMissingRightIsNamedWithTheGrant() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    TestDatabases.run(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    PostgresUrl guest = TestDatabases.as(url, TestDatabases.role(url));

    // When
    Throwable making = catchThrowable(() -> ensure(guest, type("public", "mood", "a")));
    make(url, type("public", "mood", "a"));
    Throwable extending = catchThrowable(() -> ensure(guest, type("public", "mood", "a", "b")));

    // Then
    assertThat(making)
        .isInstanceOf(EnumRefused.class)
        .hasMessageContaining("GRANT CREATE ON SCHEMA \"public\"");
    assertThat(extending).isInstanceOf(EnumRefused.class).hasMessageContaining("must be owner");
  }

  @Test
  void aSessionWithinATransactionIsRefused() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    PgConnection session = connect(url);
    session.query("BEGIN").execute().await();

    // When
    Throwable error =
        catchThrowable(() -> Enums.ensure(session, type("public", "mood", "a"), LIMIT).await());

    // Then
    assertThat(error).isInstanceOf(EnumRefused.class).hasMessageContaining("transaction");
    session.close().await();
  }

  @Test
  void whoeverMakesItInAnOpenTransactionIsWaitedForWithinTheLimit() throws Exception {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    try (var other = TestDatabases.connect(url);
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("CREATE TYPE mood AS ENUM ('a')");

      // When
      Throwable error =
          catchThrowable(() -> ensure(url, type("public", "mood", "a"), Duration.ofMillis(300)));

      // Then
      assertThat(error).isInstanceOf(dev.pgmedic.deadline.DeadlinePassed.class);
      other.commit();
    }
    assertThat(ensure(url, type("public", "mood", "a")))
        .isEqualTo(new Ensured.Unchanged(List.of()));
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
      EnumType large = type("public", "mood's", "sa\\d", "ok", "hap'py ✓");

      // When
      List<Ensured> ensured =
          List.of(ensure(url, small), ensure(url, large), ensure(url, large), ensure(url, small));

      // Then
      assertThat(ensured)
          .containsExactly(
              new Ensured.Created(),
              new Ensured.Extended(List.of("sa\\d", "hap'py ✓")),
              new Ensured.Unchanged(List.of()),
              new Ensured.Unchanged(List.of("sa\\d", "hap'py ✓")));
      assertThat(catchThrowable(() -> ensure(url, type("public", "mood's", "ok", "sa\\d"))))
          .isInstanceOf(EnumConflict.class);
    }
  }

  @Test
  void aTypeThatNoServerCouldHaveIsRefusedAtOnce() {
    assertThat(catchThrowable(() -> type("public", "mood", "a", "a")))
        .hasMessageContaining("each label once");
    assertThat(catchThrowable(() -> type("public", "mood", "é".repeat(32))))
        .hasMessageContaining("at most 63 bytes")
        .hasMessageContaining("found 64 bytes");
    assertThat(catchThrowable(() -> type("public", ""))).hasMessageContaining("a name");
  }

  private static EnumType type(String schema, String name, String... labels) {
    return new EnumType(schema, name, Arrays.asList(labels));
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

  private void make(PostgresUrl url, EnumType type) {
    assertThat(ensure(url, type)).isEqualTo(new Ensured.Created());
  }

  private Ensured ensure(PostgresUrl url, EnumType type) {
    return ensure(url, type, LIMIT);
  }

  private Ensured ensure(PostgresUrl url, EnumType type, Duration limit) {
    PgConnection session = connect(url);
    return Enums.ensure(session, type, limit).eventually(session::close).await();
  }

  private PgConnection connect(PostgresUrl url) {
    return PgConnection.connect(vertx, PgConnectOptions.fromUri(url.reveal())).await();
  }
}
