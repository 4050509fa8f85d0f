import dev.pgmedic.target.PostgresUrl;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A node with the API alone, as a process. */
final class ServingNode implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final int port;

  private ServingNode(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it; returns when it is ready. */
  static ServingNode start(PostgresUrl store, int port) throws IOException, InterruptedException {
    Files.writeString(
        Path.of("events.yaml"),
        "store: {url: \"%s\"}\ntargets: {shop: {url: \"%s\"}}\n"
            .formatted(store.reveal(), store.reveal()));
    Process process =
        new ProcessBuilder(
                System.getProperty("bench.java"),
                "-jar",
                System.getProperty("bench.jar"),
                "up",
                "-c",
                "events.yaml",
                "--roles",
                "api",
                "--listen",
                "127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(new File("node.log"))
            .start();
    ServingNode node = new ServingNode(process, port);
    node.untilReady();
    return node;
  }

  int port() {
    return port;
  }

  private void untilReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isReady()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new IllegalStateException(Files.readString(Path.of("node.log")));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private boolean isReady() throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI probe = URI.create("http://127.0.0.1:" + port + "/readyz");
      return client
              .send(HttpRequest.newBuilder(probe).build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What is in use of its heap after a full collection. */
  long heapBytes() {
    String jcmd = Path.of(System.getProperty("bench.java")).resolveSibling("jcmd").toString();
    String histogram =
        Peers.output(List.of(jcmd, Long.toString(process.pid()), "GC.class_histogram"));
    String total = histogram.lines().filter(line -> line.startsWith("Total")).findFirst().get();
    return Long.parseLong(total.strip().split("\\s+")[2]);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
