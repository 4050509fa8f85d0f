package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.config.Config;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at targets once, without a server. */
@Command(
    name = "check",
    description =
        "Looks at one database, or at all of a file, once; ends with 1 when something of --fail-on"
            + " or worse is wrong.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 when nothing of --fail-on is wrong; 1 when something is;",
      "2 usage or config; 3 when a database, or the store, did not answer.",
      "Example: pgmedic check --url postgresql://me@localhost/mydb --fail-on warning"
    })
final class CheckCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "One target of the file; default all.")
  private @Nullable String target;

  @Option(
      names = "--json",
      description = "Prints the health report of the HTTP API, as one document.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Prints the evidence of each issue too.")
  private boolean verbose;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "info, warning, high or critical; default high.")
  private Severity failOn = Severity.HIGH;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "How long what a migration at work may look like is looked at again while sessions are at"
              + " work; default 15s. 0s tells the first look.")
  private Duration patience = MigrationLock.LONGEST_PAUSE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Config config = source.read();
    List<Checked> checked = check(config, TargetOption.chosen(config, target));
    PrintWriter out = commandLine().getOut();
    out.println(
        json
            ? CheckJson.of(checked)
            : String.join(
                System.lineSeparator(), new CheckText(paper.paper(), verbose).of(checked)));
    out.flush();
    return exitCode(checked);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private void note(String note) {
    PrintWriter err = commandLine().getErr();
    err.println("pgmedic: " + note);
    err.flush();
  }

  private List<Checked> check(Config config, List<Target> wanted) {
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      PatientCheck check =
          new PatientCheck(
              vertx,
              new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE),
              patience,
              this::note);
      return KnownGoodSource.open(vertx, config, closing)
          .compose(good ->
              InTurns.each(
                  wanted,
                  each -> check.run(each, good.of(each)).map(found -> new Checked(each, found))))
          .await();
    } finally {
      closing.close();
    }
  }

  private int exitCode(List<Checked> checked) {
    if (!checked.stream().allMatch(Checked::answered)) {
      return Pgmedic.UNREACHABLE;
    }
    return checked.stream().anyMatch(one -> one.has(failOn)) ? Pgmedic.UNHEALTHY : 0;
  }
}
