package dev.pgmedic.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets of many files: defaults for all, and mistakes where they stand. */
@Timeout(30)
class FleetConfigTest {

  private static final String ONE = "targets:\n  a:\n    url: postgres://u@h/d\n";

  @TempDir private Path folder;

  private Config read(String text) throws IOException {
    write("pgmedic.yaml", text);
    return new ConfigReader(name -> Optional.empty()).read(folder.resolve("pgmedic.yaml"));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void whatIsSaidForAllHoldsInEveryFileUntilATargetSaysOtherwise() throws IOException {
    // Given
    write("targets.d/b.yaml", "targets: {b: {url: \"postgres://u@h/b\", check_every: 5s}}");
    write("targets.d/c.yaml", "targets: {c: {url: \"postgres://u@h/c\", labels: {env: test}}}");

    // When
    Map<String, Target> targets =
        read("defaults: {check_every: 45s}\ninclude: [targets.d/*.yaml]\n" + ONE).targets();

    // Then
    assertThat(targets.keySet()).containsExactly("a", "b", "c");
    assertThat(targets.values())
        .extracting(Target::checkEvery)
        .containsExactly(Duration.ofSeconds(45), Duration.ofSeconds(5), Duration.ofSeconds(45));
    assertThat(targets.get("c").labels()).containsExactly(Map.entry("env", "test"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "targets.d/*.yml",
        "target.d/*.yaml",
        "targets.d/b.yml",
        "targets.d/**/b.yaml",
        "*/b.yaml"
      })
  void aPatternThatNamesNoFileIsAMistake(String pattern) throws IOException {
    // Given
    write("targets.d/b.yaml", "targets: {b: {url: \"postgres://u@h/b\"}}");

    // When
    Throwable mistake = catchThrowable(() -> read(ONE + "include:\n  - " + quoted(pattern)));

    // Then
    assertThat(mistake)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("pgmedic.yaml line 5: include.[0]: expected at least one file");
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  @Test
  void aFileThatTwoPatternsNameIsReadOnceAndTheFileItselfNotAgain() throws IOException {
    // Given
    write("b.yaml", "targets: {b: {url: \"postgres://u@h/b\"}}");

    // When
    Config config = read("include: [\"*.yaml\", b.yaml]\n" + ONE);

    // Then
    assertThat(config.targets()).containsOnlyKeys("a", "b");
  }

  @Test
  void aTargetThatTwoFilesNameIsAMistakeOfTheSecondThatNamesTheFirst() throws IOException {
    // Given
    write("targets.d/b.yaml", "# b\n" + ONE);
    write("targets.d/c.yaml", ONE);

    // When
    Throwable mistake = catchThrowable(() -> read("include: [targets.d/*.yaml]"));

    // Then
    assertThat(mistake)
        .hasMessageContaining("c.yaml line 2: targets.a: expected another name")
        .hasMessageContaining("b.yaml line 3 too");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          defaults:#  deadline:#    check: 5s | line 2: defaults.deadline: is not known here
          defaults: {check_every: often} | line 1: defaults.check_every: expected a duration
          defaults: {url: "postgres://u@h/d"} | line 1: defaults.url: is not known here
          include: targets.d/b.yaml | line 1: include: expected a list
          include: ["["] | line 1: include.[0]:
          targets:#  a:#    labels: home | line 3: targets.a.labels: expected names with values
          targets:#  a:#    labels:#      env: [x] | line 4: targets.a.labels.env: expected a text
          targets:#  a:#    labels:#      env:#      | line 4: targets.a.labels.env: expected a text
          """)
  void aMistakeStandsAtTheLineOfItsName(String text, String expected) {
    // Given
    String url = "    url: postgres://u@h/d\n";
    String rest = text.startsWith("targets") ? url : ONE;

    // When
    Throwable mistake = catchThrowable(() -> read(text.replace('#', '\n') + "\n" + rest));

    // Then
    assertThat(mistake).isInstanceOf(ConfigException.class).hasMessageContaining(expected);
  }

  @Test
  void aMistakeInAnIncludedFileNamesThatFile() throws IOException {
    // Given
    write("targets.d/b.yaml", "defaults: {check_every: 5s}\n" + ONE);

    // When
    Throwable mistake = catchThrowable(() -> read("include: [targets.d/*.yaml]"));

    // Then
    assertThat(mistake).hasMessageContaining("b.yaml line 1: defaults: is not known here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"targets: \u0001", "targets: {}\n---\ntargets: {}", "- [", "\tx: y"})
  void whatIsNoYamlIsAMistakeAndNoCrash(String text) {
    // When
    Throwable mistake = catchThrowable(() -> read(text));

    // Then
    assertThat(mistake).isInstanceOf(ConfigException.class).hasMessageContaining("not YAML");
  }

  @Test
  void thousandsOfTargetsFitIntoOneFile() throws IOException {
    // Given: larger than what the parser takes by itself
    String label = "x".repeat(400);
    String all =
        IntStream.rangeClosed(1, 8_000)
            .mapToObj(number ->
                "  t%d: {url: \"postgres://u@h/d%d\", labels: {note: %s}}\n"
                    .formatted(number, number, label))
            .collect(Collectors.joining());

    // When
    Config config = read("targets:\n" + all);

    // Then
    assertThat(config.targets()).hasSize(8_000);
  }
}
