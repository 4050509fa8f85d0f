package dev.pgmedic.cli;

import dev.pgmedic.json.Json;
import dev.pgmedic.task.TaskView;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Rejects a plan at a server. */
@Command(
    name = "reject",
    description =
        "Rejects the plan of a recovery task. Shows it and asks on a terminal; elsewhere --digest"
            + " says which plan is meant.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 when it is rejected; 1 when not: another digest, or nothing to",
      "decide; 2 usage, or no such task; 3 when nobody answered.",
      "Example: pgmedic reject 0198f1c2-4a5b-7c8d-9e0f-a1b2c3d4e5f6 --comment later"
    })
final class RejectCommand implements Callable<Integer> {

  @Mixin private final DecisionOptions decision = new DecisionOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Optional<String> digest = decision.digest().or(this::asked);
    if (digest.isEmpty()) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      err.println("pgmedic: not rejected; nothing was done");
      err.flush();
      return Pgmedic.UNHEALTHY;
    }
    String answer =
        decision.decide("reject", new JsonObject().put("plan_digest", digest.get())).encode();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (decision.isJson()) {
      out.println(answer);
    } else {
      new TaskText(decision.paper()).brief(Json.read(answer, TaskView.class)).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private Optional<String> asked() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    TaskView task = decision.waiting();
    new TaskText(decision.paper()).whole(task).forEach(out::println);
    out.println();
    out.flush();
    return Question.isAnswered("no", "Reject this plan for " + task.target() + "? Type no: ")
        ? Optional.of(task.plan().digest())
        : Optional.empty();
  }
}
