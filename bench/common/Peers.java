import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A command under our lock, and the same under a lock that a user would take by hand. */
record Peers(String pgmedic) {

  /** The command under {@code pgmedic guard}, as the launcher starts it, with these options. */
  List<String> guard(PostgresUrl url, List<String> options, List<String> command) {
    List<String> words = new ArrayList<>(List.of(pgmedic, "guard", "--url", url.reveal()));
    words.addAll(options);
    words.add("--");
    words.addAll(command);
    return words;
  }

  /** The command in between what golang-migrate sends: a blocking lock, and the unlock. */
  List<String> psql(PostgresUrl url, List<String> command) {
    String line =
        command.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    List<String> words = new ArrayList<>(List.of("psql", "-Xq", "-o", "/dev/null", url.reveal()));
    words.addAll(List.of("-c", "SELECT pg_advisory_lock(7)", "-c", "\\! " + line));
    words.addAll(List.of("-c", "SELECT pg_advisory_unlock(7)"));
    return words;
  }

  /** Starts a command; both of its outputs are one. */
  static Process start(List<String> words, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return start(builder);
  }

  static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command says; fails when it does not end with 0. */
  static String output(List<String> words) {
    Process process = start(words, Map.of());
    String told = String.join("\n", process.inputReader(UTF_8).lines().toList());
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(words + " failed: " + told);
    }
    return told;
  }
}
