package dev.pgmedic.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SqlMigrationsTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String FIRST = "CREATE TABLE a (id int); CREATE TABLE b (id int)";

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Session session =
      Session.open(vertx, url, new Session.Settings("test", LIMIT, LIMIT, LIMIT, false)).await();

  @AfterEach
  void close() {
    session.close().await();
    vertx.close().await();
  }

  @Test
  void whatIsAppliedIsNotAppliedAgain() {
    // Given
    int first = apply(FIRST);

    // When
    int second = apply(FIRST, "CREATE TABLE c (id int)");

    // Then
    assertThat(List.of(first, second)).containsExactly(1, 1);
    assertThat(history()).containsExactly("001", "002");
  }

  @Test
  void aFileThatChangedIsRefusedBeforeAnythingRuns() {
    // Given
    assertThat(apply(FIRST)).isEqualTo(1);

    // When
    Throwable error = catchThrowable(() -> apply(FIRST + " ", "CREATE TABLE c (id int)"));

    // Then
    assertThat(error)
        .isInstanceOf(SqlMigrations.ChangedMigration.class)
        .hasMessageContaining("001_step was changed");
    assertThat(history()).containsExactly("001");
  }

  @Test
  void aFileThatFailsIsRolledBackWholeAndThoseBeforeItStay() {
    // Given
    String failing = "CREATE TABLE c (id int); SELECT 1 / 0";

    // When
    Throwable error = catchThrowable(() -> apply(FIRST, failing, "CREATE TABLE d (id int)"));

    // Then
    assertThat(error).hasMessageContaining("division by zero");
    assertThat(history()).containsExactly("001");
    assertThat(
            TestDatabases.query(
                url, "SELECT relname FROM pg_class WHERE relname IN ('a', 'c', 'd')"))
        .containsExactly("a");
    assertThat(apply(FIRST, "CREATE TABLE c (id int)")).isEqualTo(1);
  }

  @Test
  void aFolderIsReadInOrderAndTwoOfOneVersionAreRefused(@TempDir Path folder) throws IOException {
    // Given
    Files.writeString(folder.resolve("002_b.sql"), "b");
    Files.writeString(folder.resolve("001_a_b.sql"), "a");
    Files.writeString(folder.resolve("notes.txt"), "no");

    // When
    List<SqlMigration> read = SqlMigration.readAll(folder);

    // Then
    assertThat(read)
        .containsExactly(new SqlMigration("001", "a_b", "a"), new SqlMigration("002", "b", "b"));
    Files.writeString(folder.resolve("002_c.sql"), "c");
    assertThat(catchThrowable(() -> SqlMigration.readAll(folder)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("two migrations of one version");
  }

  private int apply(String... files) {
    List<SqlMigration> migrations =
        Stream.iterate(1, i -> i <= files.length, i -> i + 1)
            .map(i -> new SqlMigration("00" + i, "step", files[i - 1]))
            .toList();
    return new SqlMigrations("app", migrations).apply(session.connection()).await();
  }

  private List<String> history() {
    return TestDatabases.query(url, "SELECT version FROM app.pgmedic_migrations ORDER BY 1");
  }
}
