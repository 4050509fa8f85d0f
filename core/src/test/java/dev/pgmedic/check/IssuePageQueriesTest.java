package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.lock.LockScene;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages of the issues tell a person to ask by hand tells the fault from health: it shows
 * something of a database that has the fault, and of one that has none nothing, or something else.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuePageQueriesTest {

  private static final Path PAGES = Path.of(System.getProperty("pgmedic.root"), "docs/issues");
  private static final Pattern END = Pattern.compile(";([ ]*--[^\\n]*)?\\s*");
  private static final int PATIENCE_SECONDS = 30;

  private FaultyDatabases databases;

  @BeforeAll
  void stage() {
    databases = new FaultyDatabases();
  }

  private static Stream<String> blocks(IssueCode code, String language) {
    try {
      return Pattern.compile("(?s)```" + language + "\n(.*?)```")
          .matcher(Files.readString(PAGES.resolve(code + ".md")))
          .results()
          .map(found -> found.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> queries() {
    return Arrays.stream(IssueCode.values())
        .flatMap(code ->
            blocks(code, "sql")
                .flatMap(END::splitAsStream)
                .map(query -> Arguments.of(code, query)));
  }

  static Stream<String> commands() {
    return blocks(IssueCode.MIGRATION_MULTIPLE_HEADS, "sh");
  }

  private static List<String> rows(PostgresUrl url, String query) {
    return TestDatabases.query(url, "SELECT q::text FROM (" + query + ") q");
  }

  @ParameterizedTest
  @EnumSource
  void everyPageHasSomethingThatRuns(IssueCode code) {
    assertThat(Stream.concat(blocks(code, "sql"), blocks(code, "sh"))).isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("queries")
  void theQueryOfAPageTellsTheFaultFromHealth(IssueCode code, String query) {
    // Given
    List<String> healthy = rows(databases.healthy(), query);
    try (LockScene scene = databases.with(code)) {
      // When
      List<String> broken = rows(scene.url(), query);

      // Then
      assertThat(broken).isNotEmpty().isNotEqualTo(healthy);
      if (!healthy.isEmpty()) {
        assertThat(rows(databases.healthy(), query))
            .as("it differs by what is wrong, and not by when it is asked")
            .isEqualTo(healthy);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theCommandOfAPageTellsTwoHeadsFromOne(String command, @TempDir Path folder)
      throws IOException, InterruptedException {
    // Given
    Path versions = Files.createDirectories(folder.resolve("migrations/versions"));
    Files.writeString(versions.resolve("a.py"), "revision = 'a'\ndown_revision = None\n");
    Files.writeString(versions.resolve("b.py"), "revision: str = 'b'\ndown_revision: str = 'a'\n");
    Files.createFile(folder.resolve("migrations/0001_first.up.sql"));
    Files.createFile(folder.resolve("migrations/0001_first.down.sql"));
    Files.createFile(folder.resolve("migrations/V1.1__first.sql"));
    Files.createFile(folder.resolve("migrations/V1.2__second.sql"));
    String healthy = said(command, folder);
    Files.writeString(versions.resolve("c.py"), "revision = 'c'\ndown_revision = 'a'\n");
    Files.createFile(folder.resolve("migrations/0001_other.up.sql"));

    // When
    String broken = said(command, folder);

    // Then
    assertThat(healthy).isEmpty();
    assertThat(broken.strip()).isIn("'a'", "0001");
  }

  private static String said(String command, Path folder) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "said", ".txt");
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
