import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      StringBuilder page =
          new StringBuilder(
              Machine.head(
                  "the migration lock and guard",
                  "lock",
                  arguments[2],
                  server,
                  List.of(Peers.output(List.of("alembic", "--version")))));
      new HandOver(server, peers).measure(line -> page.append(line).append('\n'));
      new Cost(server, peers).measure(line -> page.append(line).append('\n'));
      new Storm(server, peers).measure(line -> page.append(line).append('\n'));
      page.append("Load average at the end: ").append(Machine.load()).append(".\n");
      Files.writeString(Path.of(arguments[3]), page);
    } finally {
      vertx.close().await();
    }
  }
}
