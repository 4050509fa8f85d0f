package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import dev.pgmedic.json.Json;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskView;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which plan somebody decides about, where, and why. */
final class DecisionOptions {

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--digest",
      paramLabel = "DIGEST",
      description =
          "Means the plan of this digest and no other, and does not ask; needed where there is no"
              + " terminal, and with --json.")
  private @Nullable String digest;

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "Why; it is kept with the decision.",
      defaultValue = "")
  private String comment = "";

  @Option(names = "--json", description = "Prints the task as the HTTP API does.")
  private boolean json;

  @Parameters(paramLabel = "TASK", description = "The recovery task's id.")
  private @Nullable UUID task;

  /** The digest that was named; empty when a person on the terminal is to see the plan first. */
  Optional<String> digest() {
    if (digest == null && json) {
      throw new ConfigException("--digest", "expected it with --json, which asks nobody");
    }
    if (digest == null && !PaperOption.isTerminal()) {
      throw new ConfigException(
          "--digest",
          "expected it where no terminal can be asked; pgmedic tasks " + task + " shows the plan");
    }
    return Optional.ofNullable(digest);
  }

  /**
   * The task, for a person who is to decide.
   *
   * @throws ServerRefused when there is nothing to decide any more
   */
  TaskView waiting() {
    TaskView found = Json.read(server.client().text(path()), TaskView.class);
    if (!(found.state() instanceof TaskState.AwaitingApproval)) {
      throw new ServerRefused("the task is " + found.state().label());
    }
    return found;
  }

  /** Tells the server; the task as it is then. */
  JsonObject decide(String decision, JsonObject body) {
    return server.client().post(path() + "/" + decision, body.put("comment", comment));
  }

  UUID task() {
    return Objects.requireNonNull(task);
  }

  private String path() {
    return "/api/recovery-tasks/" + task;
  }

  ServerClient client() {
    return server.client();
  }

  Paper paper() {
    return paper.paper();
  }

  boolean isJson() {
    return json;
  }
}
