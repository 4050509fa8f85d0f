import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
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
      StringBuilder page =
          new StringBuilder(
              Machine.head(
                  "checks",
                  "check",
                  arguments[3],
                  targets,
                  List.of(Peers.output(List.of("alembic", "--version")))));
      new Costs(vertx, targets, arguments[0]).measure(line -> page.append(line).append('\n'));
      page.append("Load average before the fleet: ").append(Machine.load()).append(".\n\n");
      new Fleet(targets, store).measure(line -> page.append(line).append('\n'));
      page.append("Load average at the end: ").append(Machine.load()).append(".\n");
      Files.writeString(Path.of(arguments[4]), page);
    } finally {
      vertx.close().await();
    }
  }
}
