package dev.pgmedic.cli;

import java.util.Map;
import java.util.Optional;

/** Says in words what an exit code means. */
final class ExitText {

  private static final int SIGNALLED = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "HUP", 2, "INT", 3, "QUIT", 6, "ABRT", 9, "KILL", 11, "SEGV", 13, "PIPE", 15, "TERM");

  private ExitText() {}

  static String of(int code) {
    return Optional.ofNullable(SIGNALS.get(code - SIGNALLED))
        .map(name -> "the command ended with " + code + ", as by signal " + name)
        .orElse("the command ended with " + code);
  }
}
