package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.json.Json;
import dev.pgmedic.lock.LockInspection;
import dev.pgmedic.lock.LockLimits;
import dev.pgmedic.lock.LockReport;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says who holds which lock of a database, and what to think of it. Reads only. */
@Command(
    name = "locks",
    description = "Says who holds what lock, since when, doing what, orphaned or not, and why.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 when it could look, whatever it saw; 2 usage or config;",
      "3 unreachable.",
      "Example: pgmedic locks --url postgresql://me@localhost/mydb"
    })
final class LocksCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Which target of the file; not needed when there is one.")
  private @Nullable String target;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(
      names = "--between",
      paramLabel = "DURATION",
      description = "How far apart the two looks are; default 2s.")
  private Duration between = Duration.ofSeconds(2);

  @Option(
      names = "--idle",
      paramLabel = "DURATION",
      description =
          "How long nothing must have happened before another tool's holder is suspected; default"
              + " the target's deadlines.idle, which is 10m unless the file says otherwise.")
  private @Nullable Duration idle;

  @Option(
      names = "--pooler",
      paramLabel = "URL",
      description =
          "A pooler in front of the database; it is asked for sessions that a client left a lock"
              + " on. Else DATABASE_URL when DIRECT_URL names the database.")
  private @Nullable String pooler;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (between.isZero()) {
      throw new ConfigException("--between", "expected more than zero, such as 2s");
    }
    Config config = source.read();
    Target wanted = TargetOption.choose(config, target);
    Optional<PostgresUrl> inFront =
        pooler == null ? source.pooler() : Optional.of(Environment.parse("--pooler", pooler));
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      LockLimits limits =
          new LockLimits(
              LockLimits.DEFAULT.pause(), idle == null ? wanted.deadlines().idle() : idle);
      LockReport report =
          new LockInspection(vertx, new LockInspection.Options(between, limits, inFront))
              .run(wanted)
              .await();
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println(json ? Json.write(report) : new LocksTable(paper.paper()).of(report));
      out.flush();
      return 0;
    } finally {
      closing.close();
    }
  }
}
