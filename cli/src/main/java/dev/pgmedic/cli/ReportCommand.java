package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.config.ConfigReader;
import dev.pgmedic.store.IncidentReports;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells an incident from the journal. */
@Command(
    name = "report",
    description =
        "Prints the incident of a recovery task as Markdown: what was found, the plan, who approved"
            + " it, what ran, what it said, what was lost.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Asks the server; with -c it reads the store that the file names, and no server.",
      "Ends with 0; 2 usage, or no such task; 3 when nobody answered.",
      "Example: pgmedic report 0198f1c2-4a5b-7c8d-9e0f-a1b2c3d4e5f6 > incident.md"
    })
final class ReportCommand implements Callable<Integer> {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file, which names the store.")
  private @Nullable Path file;

  @Mixin private final ServerOption server = new ServerOption();

  @Parameters(paramLabel = "TASK", description = "The recovery task's id.")
  private @Nullable UUID task;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    UUID id = Objects.requireNonNull(task);
    String report =
        file == null
            ? server.client().text("/api/recovery-tasks/" + id + "/report")
            : stored(new ConfigReader(Environment::get).read(file), id);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(report);
    out.flush();
    return 0;
  }

  private static String stored(Config config, UUID id) {
    PostgresUrl url =
        config
            .store()
            .url()
            .orElseThrow(() ->
                new ConfigException(
                    "store.url",
                    "expected the store's URL; one that is embedded is asked through --server"));
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      Store store = Store.open(vertx, url).await();
      closing.add(() -> store.close().await());
      return new IncidentReports(store)
          .report(id)
          .await()
          .orElseThrow(() -> new ConfigException("TASK", "expected a task's id, found " + id));
    } finally {
      closing.close();
    }
  }
}
