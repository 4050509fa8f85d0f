package dev.pgmedic.cli;

import dev.pgmedic.json.Json;
import dev.pgmedic.task.TaskView;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists recovery tasks, as a server has them. */
@Command(
    name = "tasks",
    description =
        "Lists recovery tasks, oldest first, or shows one with its plan, every statement of it, who"
            + " decided what, and what ran.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 when the server answered; 2 usage, or no such task; 3 when nobody",
      "answered.",
      "Example: pgmedic tasks --state awaiting_approval"
    })
final class TasksCommand implements Callable<Integer> {

  private static final String PATH = "/api/recovery-tasks";

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final PageOption page = new PageOption();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description =
          "${COMPLETION-CANDIDATES}; default open: what waits for approvals, is approved or runs.")
  private State state = State.OPEN;

  @Option(names = "--json", description = "Prints what the HTTP API answers.")
  private boolean json;

  @Parameters(arity = "0..1", paramLabel = "TASK", description = "One recovery task's id.")
  private @Nullable UUID task;

  @Spec private @Nullable CommandSpec spec;

  private enum State {
    OPEN,
    ALL,
    AWAITING_APPROVAL,
    APPROVED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    REJECTED,
    EXPIRED,
    SUPERSEDED,
    CANCELLED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    (task == null ? list() : one(task)).forEach(out::println);
    out.flush();
    return 0;
  }

  private List<String> one(UUID id) {
    String answer = server.client().text(PATH + "/" + id);
    return json
        ? List.of(answer)
        : new TaskText(paper.paper()).whole(Json.read(answer, TaskView.class));
  }

  private List<String> list() {
    ServerClient client = server.client();
    ServedPage served =
        switch (state) {
          case ALL -> ServedPage.of(client.text(page.path(PATH, Map.of())));
          case OPEN -> open(client);
          default -> ofState(client, state);
        };
    return json
        ? List.of(served.json())
        : served.lines(TaskView.class, new TaskText(paper.paper())::brief, "No such task.");
  }

  // The API lists the tasks of one state or of all, and of all those that ended come first.
  private ServedPage open(ServerClient client) {
    List<ServedPage> pages =
        Stream.of(State.AWAITING_APPROVAL, State.APPROVED, State.RUNNING)
            .map(each -> ofState(client, each))
            .toList();
    return ServedPage.merged(pages, "created_at", page.limit());
  }

  private ServedPage ofState(ServerClient client, State wanted) {
    return ServedPage.of(client.text(page.path(PATH, Map.of("state", wanted.toString()))));
  }
}
