package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** Every command's help fits a terminal of 80 columns and ends with an example. */
class HelpTest {

  private static final int COLUMNS = 80;

  static Stream<CommandLine> commands() {
    return withParts(Pgmedic.commandLine());
  }

  private static Stream<CommandLine> withParts(CommandLine command) {
    return command.getCommandSpec().usageMessage().hidden()
        ? Stream.empty()
        : Stream.concat(
            Stream.of(command),
            command.getSubcommands().values().stream().flatMap(HelpTest::withParts));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void noLineOfItIsBrokenByTheTerminalOrWithinAWord(CommandLine command) {
    // When
    List<String> lines = command.getUsageMessage(Ansi.OFF).lines().toList();
    List<String> footer = List.of(command.getCommandSpec().usageMessage().footer());

    // Then
    assertThat(lines).allMatch(line -> line.length() <= COLUMNS);
    assertThat(lines.stream().flatMap(HelpTest::words).toList()).containsAll(told(command));
    assertThat(lines).as("its footer stands as it was written").containsAll(footer);
  }

  private static Stream<String> words(String text) {
    return Stream.of(text.replace("%n", " ").strip().split("\\s+"));
  }

  // What its authors wrote, word for word; what the library says of itself it breaks itself.
  private static List<String> told(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    return Stream.concat(
            Stream.of(spec.usageMessage().description()),
            spec.args().stream()
                .filter(argument -> !argument.hidden())
                .flatMap(argument -> Stream.of(argument.description())))
        .flatMap(HelpTest::words)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void itEndsWithAnExampleThatIsUnderstood(CommandLine command) {
    // When
    List<String> lines = command.getUsageMessage(Ansi.OFF).lines().toList();

    // Then
    String name = command.getCommandSpec().qualifiedName();
    assertThat(lines.getLast()).startsWith("Example: ").contains(name);
    for (String line : lines) {
      if (line.startsWith("Example: ")) {
        String words = line.replaceFirst(".*?pgmedic ", "").replaceFirst(" [>|].*", "");
        assertThat(Pgmedic.commandLine().parseArgs(words.split(" "))).isNotNull();
      }
    }
  }
}
