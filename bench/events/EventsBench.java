import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Measures how soon committed events reach readers, and what a reader costs, and writes a page of
 * Markdown. {@code bench/events/run} runs it.
 */
final class EventsBench {

  private static final int ALONE = 500;
  private static final long ALONE_PAUSE_MILLIS = 40;
  private static final int TOGETHER = 60;
  private static final long TOGETHER_PAUSE_MILLIS = 1_000;

  private final Vertx vertx;
  private final Writer writer;
  private final ServingNode node;
  private final Consumer<String> page;

  private EventsBench(Vertx vertx, Writer writer, ServingNode node, Consumer<String> page) {
    this.vertx = vertx;
    this.writer = writer;
    this.node = node;
    this.page = page;
  }

  /** The server's URL without a database, the node's port, the commit, the page. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    int port = Integer.parseInt(arguments[1]);
    Server server = new Server(vertx, arguments[0]);
    PostgresUrl store = server.create("pgmedic");
    StringBuilder text =
        new StringBuilder(Machine.head("events", "events", arguments[2], server, List.of()));
    try (ServingNode node = ServingNode.start(store, port)) {
      Writer writer = new Writer(vertx, store);
      new EventsBench(vertx, writer, node, line -> text.append(line).append('\n')).measure();
      Files.writeString(Path.of(arguments[3]), text);
    } finally {
      vertx.close().await();
    }
  }

  private void measure() throws Exception {
    int readers = Integer.getInteger("bench.readers");
    page.accept("| | readers | events | median, ms | 99th percentile, ms | the longest, ms |");
    page.accept("|---|---|---|---|---|---|");
    Subscribers one = Subscribers.open(vertx, node.port(), 1);
    row("to one reader of an idle node", 1, writer.write(one, ALONE, ALONE_PAUSE_MILLIS));
    one.close();
    long before = node.heapBytes();
    Subscribers all = Subscribers.open(vertx, node.port(), readers);
    row("to each of all readers", readers, writer.write(all, TOGETHER, TOGETHER_PAUSE_MILLIS));
    long after = node.heapBytes();
    all.close();
    page.accept("");
    page.accept(
        ("Heap of the node after a full collection: %,d KB without readers,"
                + " %,d KB with %,d: %.1f KB each.")
            .formatted(before / 1024, after / 1024, readers, (after - before) / 1024.0 / readers));
    page.accept("Load average at the end: " + Machine.load() + ".");
  }

  private void row(String what, int readers, Sample millis) {
    page.accept(
        String.format(
            Locale.ROOT,
            "| from commit %s | %,d | %,d | %.1f | %.1f | %.1f |",
            what,
            readers,
            millis.values().size() / readers,
            millis.median(),
            millis.quantile(0.99),
            millis.quantile(1)));
  }
}
