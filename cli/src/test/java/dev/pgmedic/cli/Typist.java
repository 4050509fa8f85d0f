package dev.pgmedic.cli;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Somebody at a terminal of 80 columns who reads a question before they answer it. */
final class Typist {

  private static final long LONGEST_SECONDS = 150;

  private Typist() {}

  /**
   * What stands on the terminal in the end, ink and all.
   *
   * @param answers by the last words of the question, in the order in which they are asked
   */
  static String answering(Path folder, Map<String, String> answers, String... arguments)
      throws IOException {
    String command =
        OneShot.words(arguments).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ", "stty columns 80; ", ""));
    ProcessBuilder builder =
        new ProcessBuilder("script", "--quiet", "--return", "--command", command, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("NO_COLOR", "COLUMNS"));
    builder.environment().put("TERM", "xterm");
    Process process = builder.start();
    CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    try {
      return read(process, answers).replace("\r\n", "\n");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String read(Process process, Map<String, String> answers) throws IOException {
    StringBuilder seen = new StringBuilder();
    StringBuilder unanswered = new StringBuilder();
    try (Reader out = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
        Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      for (int next = out.read(); next >= 0; next = out.read()) {
        seen.append((char) next);
        unanswered.append((char) next);
        for (Map.Entry<String, String> answer : answers.entrySet()) {
          if (unanswered.toString().endsWith(answer.getKey())) {
            in.write(answer.getValue() + "\n");
            in.flush();
            unanswered.setLength(0);
          }
        }
      }
    }
    return seen.toString();
  }
}
