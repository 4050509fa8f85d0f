import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** What a page says first: what was measured, when, and on what. */
final class Machine {

  private Machine() {}

  /**
   * The head of a page of results.
   *
   * @param title what was measured
   * @param name the folder of the measurement
   * @param commit the commit that was measured
   * @param peers the versions of what it is measured beside; may be empty
   */
  static String head(String title, String name, String commit, Server server, List<String> peers)
      throws IOException {
    return """
    # Measured: %s

    As `bench/%s/run` wrote it; [README](../README.md) says what is measured and how.

    | | |
    |---|---|
    | measured | commit %s, %s |
    | machine | %s, %d processors, %s, %s %s |
    | software | PostgreSQL %s, Java %s%s |
    | load average at the start | %s |

    """
        .formatted(
            title,
            name,
            commit,
            LocalDate.now(),
            fact("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            fact("/proc/meminfo", "MemTotal"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            server.ask("SHOW server_version"),
            Runtime.version(),
            String.join("", peers.stream().map(", "::concat).toList()),
            load());
  }

  /** What a file of Linux says of something; elsewhere unknown. */
  private static String fact(String file, String name) throws IOException {
    return lines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceFirst("[^:]*:\\s*", ""))
        .findFirst()
        .orElse(name + " unknown");
  }

  static String load() throws IOException {
    return lines("/proc/loadavg").stream().findFirst().orElse("unknown");
  }

  private static List<String> lines(String file) throws IOException {
    return Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
  }
}
