package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one of the server's programs to its end, within a limit. */
final class Program {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private Program() {}

  /**
   * Runs a program. Blocking.
   *
   * @throws IOException when it fails or does not end in time; the message has the end of its
   *     output
   */
  static void run(Path output, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(asServerUser(command))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.get(0) + " did not end within " + LIMIT.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          command.get(0) + " ended with " + process.exitValue() + ": " + Files.readString(output));
    }
  }

  /**
   * A command as it has to be run: PostgreSQL refuses to run as root; in a user namespace of its
   * own it is nobody there, and we still own the files.
   */
  static List<String> asServerUser(List<String> command) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return command;
    }
    List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
    wrapped.addAll(command);
    return wrapped;
  }
}
