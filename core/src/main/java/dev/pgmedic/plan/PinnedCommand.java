package dev.pgmedic.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command of the configuration file, with all of it that can be pinned: who approves it approves
 * these words on these files.
 *
 * @param words the program and its arguments; run without a shell
 * @param executable the file that the first word names
 * @param directory where it runs, which is the migrations' directory
 * @param environment the names of what is added to its environment; their values are not shown
 * @param files every file below the directory and its SHA-256 in hexadecimal, by its path
 * @param leftOut folders below the directory that are not hashed
 */
public record PinnedCommand(
    List<String> words,
    String executable,
    String directory,
    List<String> environment,
    Map<String, String> files,
    List<String> leftOut) {

  /** Copies the collections. */
  public PinnedCommand {
    words = List.copyOf(words);
    environment = environment.stream().sorted().toList();
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    leftOut = leftOut.stream().sorted().toList();
  }

  /** The words in one line. */
  public String text() {
    return String.join(" ", words);
  }

  /** What is another than when it was pinned, for people; empty when nothing is. */
  public List<String> differences(PinnedCommand now) {
    List<String> differences = new ArrayList<>();
    if (!executable.equals(now.executable)) {
      differences.add(words.get(0) + " is now " + now.executable);
    }
    if (!words.equals(now.words)
        || !directory.equals(now.directory)
        || !environment.equals(now.environment)) {
      differences.add("the configuration names another command, folder or environment");
    }
    files.forEach((path, hash) -> {
      if (!now.files.containsKey(path)) {
        differences.add(path + " is gone");
      } else if (!hash.equals(now.files.get(path))) {
        differences.add(path + " is another");
      }
    });
    now.files.keySet().stream()
        .filter(path -> !files.containsKey(path))
        .forEach(path -> differences.add(path + " is new"));
    return differences;
  }
}
