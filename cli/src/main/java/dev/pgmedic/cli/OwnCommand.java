package dev.pgmedic.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How this very process was started, so that it can be started again. */
final class OwnCommand {

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private OwnCommand() {}

  /**
   * Java, its options and what it runs, without the arguments of that; empty where the system does
   * not show it.
   */
  static List<String> words() {
    List<String> all;
    try {
      all = Arrays.asList(Files.readString(COMMAND_LINE).split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      words.add(all.get(i));
      boolean program = i > 0 && all.get(i - 1).equals("-jar");
      if (program || all.get(i).equals(Pgmedic.class.getName())) {
        words.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return words;
      }
    }
    return List.of();
  }
}
