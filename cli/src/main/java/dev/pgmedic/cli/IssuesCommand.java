package dev.pgmedic.cli;

import dev.pgmedic.issue.IssueView;
import dev.pgmedic.json.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/** Lists what is wrong, as a server has it. */
@Command(
    name = "issues",
    description = "Lists what is wrong, oldest first, or shows one issue with its evidence.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Ends with 0 when the server answered, whatever is wrong; 2 usage, or no such",
      "issue; 3 when nobody answered. pgmedic check is the gate for pipelines.",
      "Example: pgmedic issues --target homelab"
    })
final class IssuesCommand implements Callable<Integer> {

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final PageOption page = new PageOption();
  @Mixin private final PaperOption paper = new PaperOption();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "${COMPLETION-CANDIDATES}; default open.")
  private State state = State.OPEN;

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Of this code alone, such as table.missing.")
  private @Nullable String code;

  @Option(names = "--json", description = "Prints what the HTTP API answers.")
  private boolean json;

  @Parameters(arity = "0..1", paramLabel = "ISSUE", description = "One issue's id.")
  private @Nullable UUID issue;

  @Spec private @Nullable CommandSpec spec;

  private enum State {
    OPEN,
    RESOLVED,
    ALL;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  public Integer call() {
    String answer =
        server.client().text(issue == null ? page.path("/api/issues", filters()) : path(issue));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(answer);
    } else {
      lines(answer).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static String path(UUID issue) {
    return "/api/issues/" + issue;
  }

  private Map<String, String> filters() {
    Map<String, String> filters = new LinkedHashMap<>();
    if (state != State.ALL) {
      filters.put("state", state.toString());
    }
    if (code != null) {
      filters.put("code", code);
    }
    return filters;
  }

  private List<String> lines(String answer) {
    IssueText text = new IssueText(paper.paper());
    if (issue != null) {
      return text.whole(Json.read(answer, IssueView.class));
    }
    return ServedPage.of(answer).lines(IssueView.class, text::brief, "No such issue.");
  }
}
