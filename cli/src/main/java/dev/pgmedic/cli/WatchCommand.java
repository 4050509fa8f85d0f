package dev.pgmedic.cli;

import dev.pgmedic.cli.EventFrames.Frame;
import dev.pgmedic.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the events of a server as they come. */
@Command(
    name = "watch",
    description =
        "Shows what happens, as it happens. A connection that is lost is made again, and goes on"
            + " behind the last event.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 after --limit events, or when nobody reads them any more; 2 usage,",
      "or a token that is not good, also one that ends meanwhile; 3 when nobody",
      "answered at the beginning.",
      "Example: pgmedic watch --type issue.opened,task.proposed --cursor watch.cursor"
    })
final class WatchCommand implements Callable<Integer> {

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--target",
      split = ",",
      paramLabel = "NAME",
      description = "Of these targets alone; default all.")
  private List<String> targets = List.of();

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description = "Of these types alone, such as issue.opened; default all.")
  private List<String> types = List.of();

  @Option(
      names = "--after",
      paramLabel = "CURSOR",
      description = "What follows this cursor; or beginning, or now; default ${DEFAULT-VALUE}.",
      defaultValue = "now")
  private String after = "now";

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      description =
          "Keeps there how far it has read, and goes on from there, whatever --after says.")
  private @Nullable Path file;

  @Option(names = "--limit", paramLabel = "N", description = "Ends after so many events.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--json", description = "Prints each event as a CloudEvent, one a line.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  private long shown;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ConfigException("--limit", "expected 1 or more, found " + limit);
    }
    Optional<CursorFile> kept = Optional.ofNullable(file).map(CursorFile::new);
    EventFeed feed =
        new EventFeed(server.client(), path(), kept.flatMap(CursorFile::read), this::note);
    if (kept.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> tellCursor(feed), "pgmedic-cursor"));
    }
    EventText text = new EventText(paper.paper());
    feed.read(frame -> {
      boolean more = show(frame, text);
      kept.ifPresent(cursor -> frame.id().ifPresent(cursor::write));
      return more;
    });
    return 0;
  }

  private String path() {
    return "/api/events?after=" + encoded(after) + only("target", targets) + only("type", types);
  }

  private static String only(String name, List<String> values) {
    return values.isEmpty() ? "" : "&" + name + "=" + encoded(String.join(",", values));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private boolean show(Frame frame, EventText text) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (frame.event().equals("stale")) {
      note("the cursor could not be followed: what the log holds begins here");
      if (json) {
        out.println(new JsonObject().put("type", "stale").put("id", frame.id().orElse("")));
      }
    } else if (!frame.data().isEmpty()) {
      shown++;
      (json ? List.of(frame.data()) : text.of(new JsonObject(frame.data()))).forEach(out::println);
    }
    return !out.checkError() && shown < limit;
  }

  // Who is stopped by a signal reads this too.
  private void tellCursor(EventFeed feed) {
    feed.cursor().ifPresent(cursor -> note("to go on from here: --after " + cursor));
  }

  private void note(String line) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("pgmedic: " + line);
    err.flush();
  }
}
