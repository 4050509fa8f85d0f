package dev.pgmedic.cli;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.json.Json;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskView;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.Writer;
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

/** Approves exactly one plan at a server. */
@Command(
    name = "approve",
    description =
        "Approves the plan of a recovery task. Shows it and asks on a terminal; elsewhere --digest"
            + " says which plan is meant.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 when it is approved, with --wait when it has succeeded; 1 when not:",
      "another digest, a loss that is not accepted, nothing to decide, a recovery that",
      "failed; 2 usage, or no such task; 3 when nobody answered; 124 when --deadline",
      "passed.",
      "Example: pgmedic approve 0198f1c2-4a5b-7c8d-9e0f-a1b2c3d4e5f6 --wait"
    })
final class ApproveCommand implements Callable<Integer> {

  @Mixin private final DecisionOptions decision = new DecisionOptions();

  @Option(
      names = "--accept-data-loss",
      description = "Accepts that what was lost before stays lost; needed where the plan says so.")
  private boolean acceptDataLoss;

  @Option(names = "--wait", description = "Shows the steps until the recovery has ended.")
  private boolean wait;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description = "How long --wait waits; default ${DEFAULT-VALUE}.",
      defaultValue = "30m")
  private Duration deadline = Duration.ofMinutes(30);

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Optional<String> digest = decision.digest().or(this::asked);
    if (digest.isEmpty()) {
      note("not approved; nothing was done");
      return Pgmedic.UNHEALTHY;
    }
    JsonObject body =
        new JsonObject().put("plan_digest", digest.get()).put("accept_data_loss", acceptDataLoss);
    String answer = decision.decide("approve", body).encode();
    if (wait) {
      return follow();
    }
    show(answer);
    return 0;
  }

  private Optional<String> asked() {
    TaskView task = decision.waiting();
    PrintWriter out = out();
    new TaskText(decision.paper()).whole(task).forEach(out::println);
    out.println();
    out.flush();
    acceptDataLoss = acceptDataLoss || Question.isLossAccepted(task.plan().dataLoss());
    boolean agreed =
        (acceptDataLoss || task.plan().dataLoss().isEmpty())
            && Question.isAnswered("yes", "Run this plan on " + task.target() + "? Type yes: ");
    return agreed ? Optional.of(task.plan().digest()) : Optional.empty();
  }

  private int follow() {
    Paper paper = decision.paper();
    PrintWriter progress = decision.isJson() ? new PrintWriter(Writer.nullWriter()) : out();
    String last =
        new TaskProgress(decision.client(), decision.task(), paper, progress).follow(deadline);
    show(last);
    TaskState state = Json.read(last, TaskView.class).state();
    if (state.open()) {
      note("it has not ended within " + DurationText.words(deadline) + ", and goes on");
      return Pgmedic.TIMED_OUT;
    }
    return state instanceof TaskState.Succeeded ? 0 : Pgmedic.UNHEALTHY;
  }

  private void show(String answer) {
    PrintWriter out = out();
    if (decision.isJson()) {
      out.println(answer);
    } else {
      new TaskText(decision.paper()).brief(Json.read(answer, TaskView.class)).forEach(out::println);
    }
    out.flush();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private void note(String line) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("pgmedic: " + line);
    err.flush();
  }
}
