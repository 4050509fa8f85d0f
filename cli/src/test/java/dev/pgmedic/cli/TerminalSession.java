package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A command on a terminal of its own, and somebody who reads and then types. */
final class TerminalSession implements AutoCloseable {

  /** What the key sends. */
  static final String CTRL_C = "\u0003";

  // Whoever runs the tests in the background ignores the signal, and so would the command.
  private static final String AS_ON_A_TERMINAL = "stty columns 80; exec env --default-signal=INT ";

  private static final Duration SOON = Duration.ofSeconds(90);

  private final Process script;
  private final Path output;
  private final OutputStream keys;

  private TerminalSession(Process script, Path output) {
    this.script = script;
    this.output = output;
    this.keys = script.getOutputStream();
  }

  /** Starts it in this folder. */
  static TerminalSession start(Path folder, String... arguments) throws IOException {
    String command =
        OneShot.words(arguments).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ", AS_ON_A_TERMINAL, ""));
    Path output = folder.resolve("terminal");
    ProcessBuilder builder =
        new ProcessBuilder("script", "--quiet", "--return", "--command", command, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeAll(Set.of("DIRECT_URL", "DATABASE_URL", "COLUMNS"));
    builder.environment().put("TERM", "xterm");
    return new TerminalSession(builder.start(), output);
  }

  /** All that was shown so far. */
  String shown() throws IOException {
    return Files.readString(output).replace("\r\n", "\n");
  }

  /** Waits until this is shown, and types. */
  void whenShown(String text, String typed) throws IOException {
    await().atMost(SOON).untilAsserted(() -> assertThat(shown()).contains(text));
    type(typed);
  }

  /** Presses keys. */
  void type(String typed) throws IOException {
    keys.write(typed.getBytes(StandardCharsets.UTF_8));
    keys.flush();
  }

  /** Its exit code, once it has ended. */
  int code() throws InterruptedException, IOException {
    if (!script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("it did not end: " + shown());
    }
    return script.exitValue();
  }

  /** Ends whatever is left of it. */
  @Override
  public void close() {
    script.descendants().toList().forEach(ProcessHandle::destroyForcibly);
    script.destroyForcibly();
  }
}
