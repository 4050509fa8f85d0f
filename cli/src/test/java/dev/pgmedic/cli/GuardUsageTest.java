package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What guard does not understand it tells in one line, and starts nothing. */
@Timeout(180)
class GuardUsageTest {

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();

  @Test
  void theManualNamesEveryOptionAndNoOther() throws IOException {
    // Given
    Path page = Path.of(System.getProperty("pgmedic.root", ".."), "docs", "guard.md");
    List<String> table =
        Files.readAllLines(page).stream().filter(line -> line.startsWith("| `-")).toList();

    // When
    Set<String> described = new TreeSet<>();
    for (String row : table) {
      OPTION.matcher(row.split("\\|", -1)[1]).results().forEach(at -> described.add(at.group()));
    }

    // Then
    CommandLine guard = new CommandLine(new GuardCommand());
    Set<String> options = new TreeSet<>();
    guard.getCommandSpec().options().forEach(option -> options.addAll(List.of(option.names())));
    options.removeAll(Set.of("-h", "--help", "-V", "--version", "--config"));
    assertThat(described).isEqualTo(options);
  }

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z-]*");

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of("no-such-command", "there is no such file in the folders of PATH"),
        Arguments.of("./missing", "there is no such file"),
        Arguments.of("./folder", "there is no such file"),
        Arguments.of("./plain", "is not executable; chmod +x, or name its interpreter"),
        Arguments.of("./misled", "No such file or directory"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandThatCannotRunIsToldAndTheLockIsFree(String command, String why) throws Exception {
    // Given
    Files.createDirectory(folder.resolve("folder"));
    Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
    Path misled = Files.writeString(folder.resolve("misled"), "#!/no/such/interpreter\n");
    assertThat(misled.toFile().setExecutable(true)).isTrue();

    // When
    GuardProcess guard = GuardProcess.start(folder, url, "--", command, "upgrade");

    // Then
    guard.assertRefused(Pgmedic.USAGE, "cannot run \"" + command + "\"", why);
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
  }

  static Stream<Arguments> words() {
    return Stream.of(
        Arguments.of("--wait soon -- true", "'--wait'", "expected a duration like 500ms"),
        Arguments.of("--wat 5s -- true", "'--wat'", "pgmedic guard --help"),
        Arguments.of("--wait 5s", "COMMAND", "pgmedic guard --help"),
        Arguments.of("--deadline 0s -- true", "--deadline: expected more than zero", ""),
        Arguments.of("--lock-timeout 0s -- true", "--lock-timeout: expected more than zero", ""),
        Arguments.of("--target other -- true", "--target: expected one of [test_", "found other"),
        Arguments.of("-c missing.yaml -- true", "missing.yaml", ""),
        Arguments.of("--url mysql://me@db/shop -- true", "--url: expected postgresql://", ""));
  }

  @ParameterizedTest
  @MethodSource("words")
  void aWordThatIsNotUnderstoodIsToldInOneLine(String words, String first, String second)
      throws Exception {
    // When
    GuardProcess guard = new GuardProcess.Start(folder, url(words), Map.of()).start();

    // Then
    guard.assertRefused(Pgmedic.USAGE, first, second);
  }

  private List<String> url(String words) {
    List<String> all = new ArrayList<>(List.of(words.split(" ", -1)));
    if (!words.contains("--url") && !words.contains("-c ")) {
      all.addAll(0, List.of("--url", url.reveal()));
    }
    return all;
  }

  @Test
  void aVariableThatIsNotUnderstoodIsToldInOneLine() throws Exception {
    // When
    GuardProcess guard =
        GuardProcess.Start.of(folder, url, "--", "touch", "ran").with("PGMEDIC_LOCK", "?").start();

    // Then
    guard.assertRefused(
        Pgmedic.USAGE, "PGMEDIC_LOCK: expected <pid>,<backend_start>,<run>, found \"?\"");
  }
}
