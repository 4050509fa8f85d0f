package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.json.Json;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.TaskView.PlanView;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what would heal a target, and runs nothing. */
@Command(
    name = "plan",
    description =
        "Looks at one database once and prints the plan that would heal it, with every statement."
            + " Changes nothing.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "What it should look like tells the store of the file; where none answers, the",
      "migrations do, replayed in a scratch server (SQL, or migrations.replay).",
      "Ends with 0 when nothing of high or above is wrong; 1 when something is;",
      "2 usage or config; 3 when the database did not answer.",
      "Example: pgmedic plan -c pgmedic.yaml --target homelab"
    })
final class PlanCommand implements Callable<Integer> {

  @Mixin private final PlanOptions options = new PlanOptions();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--json",
      description = "Prints the plan as the HTTP API does, with what is wrong.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Config config = options.config();
    Target target = options.target(config);
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    Prescription found;
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    ScratchServer scratch = new ScratchServer(vertx);
    closing.add(() -> scratch.close().await());
    try {
      found =
          KnownGoodSource.openIfThere(vertx, config, closing, note -> say(err, note))
              .compose(known ->
                  new Prescriber(vertx, scratch, options.patience(), note -> say(err, note))
                      .plan(target, known.of(target), options::isRequested))
              .await();
    } finally {
      closing.close();
    }
    options.requireFound(found.diagnosis().findings());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(
        json
            ? json(found)
            : String.join(System.lineSeparator(), new PlanText(paper.paper()).of(found)));
    out.flush();
    return exitCode(found);
  }

  private static void say(PrintWriter err, String note) {
    err.println("pgmedic: " + note);
    err.flush();
  }

  private static String json(Prescription found) {
    JsonObject document = new JsonObject().put("target", found.target().name());
    document.put("issues", new JsonArray(Json.write(found.diagnosis().findings())));
    document.put(
        "plan",
        found.plan().map(plan -> new JsonObject(Json.write(PlanView.of(plan)))).orElse(null));
    document.put("left", new JsonArray(Json.write(found.left())));
    return document.encode();
  }

  private static int exitCode(Prescription found) {
    Checked checked = new Checked(found.target(), found.diagnosis());
    if (!checked.answered()) {
      return Pgmedic.UNREACHABLE;
    }
    return checked.has(Severity.HIGH) ? Pgmedic.UNHEALTHY : 0;
  }
}
