package dev.pgmedic.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A small process that outlives us: when we are gone, it ends a temporary server and deletes its
 * folder, which nobody would ever open again. It knows that by the end of a pipe whose other end we
 * hold.
 */
final class Undertaker implements AutoCloseable {

  // In a session of its own a signal to our process group passes it by.
  private static final String START =
      """
      if command -v setsid >/dev/null 2>&1; then exec setsid sh -c "$0" undertaker "$@"; fi
      exec sh -c "$0" undertaker "$@"
      """;

  private final Process process;

  private Undertaker(Process process) {
    this.process = process;
  }

  /**
   * Starts one. Blocking, for a moment.
   *
   * @param folder what it deletes
   * @param stop the command that stops the server in it
   * @throws IOException where there is no {@code sh}
   */
  static Undertaker of(Path folder, List<String> stop) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", START, script()));
    command.add(folder.toString());
    command.addAll(stop);
    return new Undertaker(
        new ProcessBuilder(command)
            .directory(folder.getRoot().toFile()) // it keeps no folder from being deleted
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  private static String script() throws IOException {
    try (InputStream file = Undertaker.class.getResourceAsStream("undertaker.sh")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends it away; what is left of the folder by then is deleted. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
  }
}
