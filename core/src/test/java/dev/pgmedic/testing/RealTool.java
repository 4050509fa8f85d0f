package dev.pgmedic.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A migration tool that is installed beside the tests, run as its users run it. */
public final class RealTool {

  private static final int LONGEST_SECONDS = 50;

  private RealTool() {}

  /**
   * How a run ended.
   *
   * @param exit its exit code
   * @param output all that it said
   */
  public record Outcome(int exit, String output) {

    /** Rejects a run that failed. */
    @CanIgnoreReturnValue
    public Outcome succeeded() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + ": " + output);
      }
      return this;
    }
  }

  /** Whether this command can be run here and succeeds. */
  public static boolean isThere(String... command) {
    try {
      return run(Path.of("."), Map.of(), command).exit() == 0;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Runs a command to its end; a run that takes too long is ended and is a failure. */
  public static Outcome run(Path folder, Map<String, String> environment, String... command) {
    try {
      Path output = Files.createTempFile("output", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(List.of(command))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running: " + List.of(command));
      }
      String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      Files.delete(output);
      return new Outcome(process.exitValue(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
