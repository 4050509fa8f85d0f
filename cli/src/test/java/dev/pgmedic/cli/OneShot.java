package dev.pgmedic.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command in a process of its own, as a user starts it, without a URL in its environment. */
record OneShot(int code, String out, String err) {

  private static final long LONGEST_SECONDS = 150;

  /** Runs it to its end in {@code folder}; its output passes through files there. */
  static OneShot run(Path folder, String... arguments) throws IOException {
    return run(folder, words(arguments), "");
  }

  /** Runs it on a terminal of 80 columns. What it says on stderr comes with the rest, as there. */
  static OneShot onTerminal(Path folder, String... arguments) throws IOException {
    return typing("", folder, arguments);
  }

  /** As {@link #onTerminal} where somebody types, without waiting for what they are asked. */
  static OneShot typing(String typed, Path folder, String... arguments) throws IOException {
    List<String> quoted =
        words(arguments).stream().map(word -> "'" + word.replace("'", "'\\''") + "'").toList();
    Path log = folder.resolve("terminal");
    OneShot ended =
        run(
            folder,
            List.of(
                "script",
                "--quiet",
                "--return",
                "--command",
                "stty columns 80; " + String.join(" ", quoted),
                log.toString()),
            typed);
    return new OneShot(ended.code, ended.out.replace("\r\n", "\n"), ended.err);
  }

  /** What a user has: the tests, and with them their log, are left out. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes") && !entry.endsWith("-tests.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What starts it. */
  static List<String> words(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=missing.xml",
                "-cp",
                classPath(),
                "dev.pgmedic.cli.Pgmedic"));
    words.addAll(List.of(arguments));
    return words;
  }

  private static OneShot run(Path folder, List<String> words, String typed) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectInput(Files.writeString(folder.resolve("in"), typed).toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder
        .environment()
        .keySet()
        .removeAll(Set.of("DIRECT_URL", "DATABASE_URL", "NO_COLOR", "COLUMNS"));
    builder.environment().put("TERM", "xterm");
    int code = ended(builder.start());
    return new OneShot(
        code, Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
  }

  private static int ended(Process process) throws IOException {
    try {
      if (process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    throw new IOException("it did not end within " + LONGEST_SECONDS + " s");
  }
}
