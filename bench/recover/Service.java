import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pgmedic up} in a process of its own, its API, and a reader of its event stream. */
final class Service implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("(http://[^/]+)/api/health/database");
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final String base;
  private final String token;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<Seen> events = new LinkedBlockingQueue<>();
  private final List<String> passed = new ArrayList<>();

  /**
   * An event as the reader got it.
   *
   * @param nanos when, by {@link System#nanoTime()}
   * @param event the CloudEvent
   */
  record Seen(long nanos, JsonObject event) {

    boolean is(String type) {
      return event.getString("type").equals("dev.pgmedic." + type);
    }

    String subject() {
      return event.getString("subject");
    }

    JsonObject data() {
      return event.getJsonObject("data");
    }
  }

  private Service(Process process, String base, String token) {
    this.process = process;
    this.base = base;
    this.token = token;
  }

  /** Starts it and reads its events from the beginning. */
  static Service up(Path config, String token) throws IOException {
    Process process =
        Peers.start(
            new ProcessBuilder(
                    System.getProperty("bench.java"),
                    "-jar",
                    System.getProperty("bench.jar"),
                    "up",
                    "-c",
                    config.toString(),
                    "--listen",
                    "127.0.0.1:0")
                .redirectError(new File("service.log")));
    BufferedReader out = process.inputReader(UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        Service service = new Service(process, address.group(1), token);
        Thread reader = new Thread(service::read, "events");
        reader.setDaemon(true);
        reader.start();
        return service;
      }
    }
    throw new IOException("did not start: " + Files.readString(Path.of("service.log")));
  }

  private void read() {
    try {
      HttpRequest request = request("/api/events?after=beginning", "text/event-stream").build();
      try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
        lines
            .filter(line -> line.startsWith("data:"))
            .map(line -> new Seen(System.nanoTime(), new JsonObject(line.substring(5).strip())))
            .forEach(events::add);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path, String accept) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token)
        .header("Accept", accept);
  }

  /** The next event that is wanted; those before it are passed over. */
  Seen next(Predicate<Seen> wanted) throws InterruptedException, IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (; ; ) {
      Optional<Seen> event =
          Optional.ofNullable(events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS));
      if (event.isEmpty()) {
        throw new IllegalStateException(
            "waited in vain behind " + passed + "\n" + Files.readString(Path.of("service.log")));
      }
      passed.add(event.get().event().getString("type"));
      if (event.filter(wanted).isPresent()) {
        return event.get();
      }
    }
  }

  JsonObject get(String path) throws IOException, InterruptedException {
    return answered(http.send(request(path, "application/json").build(), BodyHandlers.ofString()));
  }

  JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
    return answered(
        http.send(
            request(path, "application/json")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            BodyHandlers.ofString()));
  }

  private static JsonObject answered(HttpResponse<String> response) {
    if (!List.of(200, 201).contains(response.statusCode())) {
      throw new IllegalStateException(response.statusCode() + ": " + response.body());
    }
    return new JsonObject(response.body());
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
