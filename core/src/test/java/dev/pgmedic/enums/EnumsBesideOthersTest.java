package dev.pgmedic.enums;

import static dev.pgmedic.enums.EnumScene.LIMIT;
import static dev.pgmedic.enums.EnumScene.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else's transaction is open on the type, so that each race is lost in the same way. */
@Timeout(180)
class EnumsBesideOthersTest {

  private final EnumScene scene = new EnumScene();
  private final PostgresUrl url = TestDatabases.fresh();
  private final PgConnection session = scene.connect(url);
  private final Connection other = TestDatabases.connect(url);

  @BeforeEach
  void begin() throws SQLException {
    other.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    other.close();
    scene.close();
  }

  @Test
  void whoeverMakesItIsWaitedForAndItsLabelsAreCompared() throws SQLException {
    // Given
    other("CREATE TYPE mood AS ENUM ('sad', 'ok')");

    // When
    Future<Ensured> same = waiting("sad", "ok");
    other.commit();

    // Then
    assertThat(same.await()).isEqualTo(new Ensured.Unchanged(List.of()));
  }

  @Test
  void whoeverGivesUpMakingItIsSucceeded() throws SQLException {
    // Given
    other("CREATE TYPE mood AS ENUM ('sad', 'ok')");

    // When
    Future<Ensured> made = waiting("sad", "ok");
    other.rollback();

    // Then
    assertThat(made.await()).isEqualTo(new Ensured.Created());
  }

  @Test
  void theWaitIsBoundedAndNothingIsMadeAfterIt() throws SQLException {
    // Given
    other("CREATE TYPE mood AS ENUM ('sad', 'ok')");

    // When
    Throwable error = catchThrowable(() -> ensure(Duration.ofMillis(300), "sad", "ok").await());
    other.rollback();

    // Then
    assertThat(error).isInstanceOf(DeadlinePassed.class).hasMessageContaining("300 ms");
    session.query("SELECT 1").execute().await();
    assertThat(TestDatabases.query(url, "SELECT typname FROM pg_type WHERE typname = 'mood'"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"read committed", "repeatable read", "serializable"})
  void labelsOfSomebodyInBetweenAreNeverOutOfTheirOrder(String isolation) throws SQLException {
    // Given
    session.query("SET default_transaction_isolation = '" + isolation + "'").execute().await();
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('sad', 'ok')");
    other("ALTER TYPE mood ADD VALUE 'so' AFTER 'sad'");

    // When
    Future<Ensured> older = waiting("sad", "yes", "ok");
    other.commit();

    // Then
    assertThat(catchThrowable(older::await)).isInstanceOf(EnumConflict.class);
    assertThat(labels()).containsExactly("sad", "so", "ok");
  }

  @Test
  void whoeverAddsMoreInBetweenLeavesNothingToDo() throws SQLException {
    // Given
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('sad', 'ok')");
    other("ALTER TYPE mood ADD VALUE 'yes' AFTER 'sad'");
    other("ALTER TYPE mood ADD VALUE 'so' AFTER 'sad'");

    // When
    Future<Ensured> older = waiting("sad", "yes", "ok");
    other.commit();

    // Then
    assertThat(older.await()).isEqualTo(new Ensured.Unchanged(List.of("so")));
    assertThat(labels()).containsExactly("sad", "so", "yes", "ok");
  }

  @Test
  void whoeverAddsFewerInBetweenIsCompleted() throws SQLException {
    // Given
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('sad', 'ok')");
    other("ALTER TYPE mood ADD VALUE 'yes' AFTER 'sad'");

    // When
    Future<Ensured> newer = waiting("sad", "so", "yes", "ok", "happy");
    other.commit();

    // Then
    assertThat(newer.await()).isInstanceOf(Ensured.Extended.class);
    assertThat(labels()).containsExactly("sad", "so", "yes", "ok", "happy");
  }

  @Test
  void aTypeThatIsDroppedInBetweenIsMadeAgain() throws SQLException {
    // Given
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('sad')");
    other("DROP TYPE mood");

    // When
    Future<Ensured> again = waiting("sad", "ok");
    other.commit();

    // Then
    assertThat(again.await()).isEqualTo(new Ensured.Created());
    assertThat(labels()).containsExactly("sad", "ok");
  }

  @Test
  void aLabelThatIsRenamedInBetweenIsAConflict() throws SQLException {
    // Given
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('sad')");
    other("ALTER TYPE mood RENAME VALUE 'sad' TO 'glum'");

    // When
    Future<Ensured> late = waiting("sad", "ok");
    other.commit();

    // Then
    assertThat(catchThrowable(late::await))
        .isInstanceOf(EnumConflict.class)
        .hasMessageContaining("('glum')");
    assertThat(labels()).containsExactly("glum");
  }

  private void other(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  // Under way, and seen to wait for the other.
  private Future<Ensured> waiting(String... labels) {
    Future<Ensured> ensured = ensure(LIMIT, labels);
    String waits =
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
            + " current_database()";
    await().untilAsserted(() -> assertThat(TestDatabases.query(url, waits)).hasSize(1));
    return ensured;
  }

  private Future<Ensured> ensure(Duration limit, String... labels) {
    return Enums.ensure(session, type("public", "mood", labels), limit);
  }

  private List<String> labels() {
    return TestDatabases.query(url, "SELECT unnest(enum_range(NULL::mood))");
  }
}
