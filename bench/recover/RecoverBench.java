import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures recoveries beside their plan's bare SQL, and writes a page of Markdown. {@code
 * bench/recover/run} runs it.
 */
final class RecoverBench {

  private RecoverBench() {}

  /** The URLs of both servers without a database, the commit, the page. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Server targets = new Server(vertx, arguments[0]);
      Server store = new Server(vertx, arguments[1]);
      StringBuilder page =
          new StringBuilder(
              Machine.head("recoveries", "recover", arguments[2], targets, List.of()));
      new Incidents(targets, store).measure(line -> page.append(line).append('\n'));
      page.append("\nLoad average at the end: ").append(Machine.load()).append(".\n");
      Files.writeString(Path.of(arguments[3]), page);
    } finally {
      vertx.close().await();
    }
  }
}
