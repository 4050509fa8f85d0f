package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.lock.LockScene;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages of the issues tell a person to ask by hand shows the fault, on a real server. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuePageQueriesTest {

  private static final Path PAGES = Path.of(System.getProperty("pgmedic.root"), "docs/issues");
  private static final Pattern QUERY = Pattern.compile("(?s)```sql\n(.*?)```");
  private static final Pattern END = Pattern.compile(";(\\s*--[^\\n]*)?\\s*");

  private final LockScene scene = new LockScene();

  /** One database that has every fault of the pages. */
  @BeforeAll
  void breakIt() {
    TestDatabases.run(
        scene.url(),
        "CREATE TYPE mood AS ENUM ('ok', 'bad')",
        "CREATE TABLE person (id int, mood mood)",
        "INSERT INTO person VALUES (1), (1)",
        "ALTER TABLE person ADD CONSTRAINT adult CHECK (id > 17) NOT VALID",
        "CREATE TABLE databasechangeloglock (id int, locked bool, lockgranted timestamp, lockedby"
            + " text)",
        "INSERT INTO databasechangeloglock VALUES (1, true, now(), 'pod-7')");
    try {
      TestDatabases.run(scene.url(), "CREATE UNIQUE INDEX CONCURRENTLY one ON person (id)");
    } catch (IllegalStateException twice) {
      // an invalid index is left
    }
    scene.session("holder", "SELECT pg_advisory_lock(4711)");
    scene.queued("waiter", "SELECT pg_advisory_lock(4711)");
    scene.session("forgotten", "BEGIN", "SELECT count(*) FROM person");
    scene.queued("migration", "ALTER TABLE person ADD COLUMN name text");
  }

  @AfterAll
  void close() {
    scene.close();
  }

  static Stream<Arguments> queries() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      List<Path> all = pages.sorted().toList();
      return all.stream().flatMap(IssuePageQueriesTest::queries);
    }
  }

  private static Stream<Arguments> queries(Path page) {
    try {
      return QUERY
          .matcher(Files.readString(page))
          .results()
          .flatMap(found -> END.splitAsStream(found.group(1)))
          .map(query -> Arguments.of(String.valueOf(page.getFileName()), query));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("queries")
  void theQueryOfAPageShowsTheFault(String page, String query) {
    // When
    List<String> rows = TestDatabases.query(scene.url(), query);

    // Then
    assertThat(rows).as(page).isNotEmpty();
  }
}
