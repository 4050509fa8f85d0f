package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The manual of the clients of a server. */
class TerminalManualTest {

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z-]*");

  @Test
  void namesEveryOptionAndNoOther() throws IOException {
    // Given
    Path page = Path.of(System.getProperty("pgmedic.root", ".."), "docs", "terminal.md");

    // When
    Set<String> described = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("| `-")) {
        OPTION.matcher(line.split("\\|", -1)[1]).results().forEach(at -> described.add(at.group()));
      }
    }

    // Then
    Set<String> options = new TreeSet<>();
    for (Object command :
        List.of(
            new WatchCommand(),
            new IssuesCommand(),
            new TasksCommand(),
            new ApproveCommand(),
            new RejectCommand())) {
      new CommandLine(command)
          .getCommandSpec()
          .options()
          .forEach(option -> options.addAll(List.of(option.names())));
    }
    options.removeAll(Set.of("-h", "--help", "-V", "--version"));
    assertThat(described).isEqualTo(options);
  }
}
