package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.config.Config;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.json.Json;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at a target once, without a server. */
@Command(
    name = "check",
    description =
        "Looks at a database once; ends with 1 when something of --fail-on or worse is wrong.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: pgmedic check --url postgresql://me@localhost/mydb --json"})
final class CheckCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Which target of the file; not needed when there is one.")
  private @Nullable String target;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "info, warning, high or critical; default high.")
  private Severity failOn = Severity.HIGH;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Config config = source.read();
    Target wanted = TargetOption.choose(config, target);
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      DatabaseCheck check =
          new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE);
      Diagnosis diagnosis =
          KnownGoodSource.of(vertx, config, wanted, closing)
              .compose(good -> check.run(wanted, good))
              .await();
      print(diagnosis);
      return exitCode(diagnosis);
    } finally {
      closing.close();
    }
  }

  private void print(Diagnosis diagnosis) {
    PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("target", diagnosis.target());
      report.put("healthy", exitCode(diagnosis) == 0);
      report.put("checked_at", diagnosis.checkedAt());
      report.put("duration_ms", diagnosis.duration().toMillis());
      report.put("findings", diagnosis.findings());
      out.println(Json.write(report));
    } else {
      out.println(summary(diagnosis));
      for (Finding finding : diagnosis.findings()) {
        out.printf(
            "  %-8s %s: %s%n           %s%n",
            finding.code().severity(), finding.code(), finding.message(), finding.recommendation());
      }
    }
    out.flush();
  }

  private static String summary(Diagnosis diagnosis) {
    String version =
        diagnosis
            .observation()
            .map(seen -> seen.history())
            .flatMap(history ->
                history.tool().map(tool -> tool + " " + history.version().orElse("base")))
            .map(words -> ", " + words)
            .orElse("");
    return diagnosis.target()
        + version
        + ": "
        + (diagnosis.findings().isEmpty()
            ? "nothing found"
            : diagnosis.findings().size() + " found")
        + " in "
        + diagnosis.duration().toMillis()
        + " ms";
  }

  private int exitCode(Diagnosis diagnosis) {
    if (diagnosis.findings().stream()
        .anyMatch(finding -> finding.code() == IssueCode.CONNECTION_UNREACHABLE)) {
      return Pgmedic.UNREACHABLE;
    }
    return diagnosis.findings().stream()
            .anyMatch(finding -> finding.code().severity().atLeast(failOn))
        ? Pgmedic.UNHEALTHY
        : 0;
  }
}
