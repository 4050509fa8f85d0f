package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of {@code pgmedic completion} in a real shell. */
@Timeout(120)
class CompletionCommandTest {

  @TempDir private Path folder;

  @BeforeEach
  void print() throws IOException {
    for (String shell : List.of("bash", "zsh")) {
      OneShot printed = OneShot.run(folder, "completion", shell);
      assertThat(printed.code()).as(printed.err()).isZero();
      Files.writeString(folder.resolve("pgmedic." + shell), printed.out());
    }
  }

  /** What a bash offers for the last word of a line. */
  private List<String> offered(String... words) throws IOException, InterruptedException {
    String script =
        """
        source pgmedic.bash
        COMP_WORDS=(pgmedic %s)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_LINE="${COMP_WORDS[*]}"
        COMP_POINT=${#COMP_LINE}
        _complete_pgmedic 2>/dev/null # compopt answers to a real one alone
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(String.join(" ", words));
    return said("bash", "--norc", "-c", script);
  }

  private List<String> said(String... words) throws IOException, InterruptedException {
    Path out = folder.resolve("said");
    Process process =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(out).stream().map(String::strip).toList();
  }

  private static boolean isHere(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }

  @Test
  void aBashOffersCommandsOptionsAndTheirValues() throws Exception {
    // Given
    assumeTrue(isHere("bash"), "bash is not installed");

    // When
    List<String> commands = offered("''");
    List<String> begun = offered("app");
    List<String> options = offered("approve", "--acc");
    List<String> values = offered("issues", "--state", "''");
    List<String> nested = offered("quarantine", "''");

    // Then
    assertThat(commands)
        .contains("watch", "issues", "tasks", "approve", "reject", "completion")
        .doesNotContain("rehearse", "end-run");
    assertThat(begun).containsExactly("approve");
    assertThat(options).containsExactly("--accept-data-loss");
    assertThat(values).containsExactly("open", "resolved", "all");
    assertThat(nested).contains("list", "empty");
  }

  @Test
  void aZshTakesTheSameScript() throws Exception {
    // Given
    assumeTrue(isHere("zsh"), "zsh is not installed");

    // When
    List<String> said =
        said("zsh", "-f", "-c", "source pgmedic.zsh && print -r -- ${_comps[pgmedic]}");

    // Then
    assertThat(said).last().asString().contains("_complete_pgmedic");
  }
}
