import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * Measures checks beside what a user would run instead, and writes a page of Markdown. {@code
 * bench/check/run} runs it.
 */
final class CheckBench {

  private CheckBench() {}

  /** The launcher, the URLs of both servers without a database, the commit, the page. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Server targets = new Server(vertx, arguments[1]);
      Server store = new Server(vertx, arguments[2]);
      StringBuilder page = new StringBuilder(head(targets, arguments[3]));
      new Costs(vertx, targets, arguments[0]).measure(line -> page.append(line).append('\n'));
      page.append("Load average before the fleet: ").append(load()).append(".\n\n");
      new Fleet(targets, store).measure(line -> page.append(line).append('\n'));
      page.append("Load average at the end: ").append(load()).append(".\n");
      Files.writeString(Path.of(arguments[4]), page);
    } finally {
      vertx.close().await();
    }
  }

  private static String head(Server server, String commit) throws IOException {
    return """
    # Measured: checks

    As `bench/check/run` wrote it; [README](../README.md) says what is measured and how.

    | | |
    |---|---|
    | measured | commit %s, %s |
    | machine | %s, %d processors, %s, %s %s |
    | software | PostgreSQL %s, Java %s, %s |
    | load average at the start | %s |

    """
        .formatted(
            commit,
            LocalDate.now(),
            fact("/proc/cpuinfo", "model name"),
            Runtime.getRuntime().availableProcessors(),
            fact("/proc/meminfo", "MemTotal"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            server.ask("SHOW server_version"),
            Runtime.version(),
            Peers.output(List.of("alembic", "--version")),
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
