import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * Measures our lock and guard beside a blocking {@code pg_advisory_lock}, and writes a page of
 * Markdown. {@code bench/lock/run} runs it.
 */
final class LockBench {

  private LockBench() {}

  /** The launcher, the server's URL without a database, the commit that is measured, the page. */
  public static void main(String[] arguments) throws IOException {
    Vertx vertx = Vertx.vertx();
    try {
      Server server = new Server(vertx, arguments[1]);
      Peers peers = new Peers(arguments[0]);
      StringBuilder page = new StringBuilder(head(server, arguments[2]));
      new HandOver(server, peers).measure(line -> page.append(line).append('\n'));
      new Cost(server, peers).measure(line -> page.append(line).append('\n'));
      new Storm(server, peers).measure(line -> page.append(line).append('\n'));
      page.append("Load average at the end: ").append(load()).append(".\n");
      Files.writeString(Path.of(arguments[3]), page);
    } finally {
      vertx.close().await();
    }
  }

  private static String head(Server server, String commit) throws IOException {
    return """
    # Measured: the migration lock and guard

    As `bench/lock/run` wrote it; [README](../README.md) says what is measured and how.

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

  private static String load() throws IOException {
    return lines("/proc/loadavg").stream().findFirst().orElse("unknown");
  }

  private static List<String> lines(String file) throws IOException {
    return Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
  }
}
