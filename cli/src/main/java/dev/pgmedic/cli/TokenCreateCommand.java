package dev.pgmedic.cli;

import dev.pgmedic.json.DurationText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a token, and prints it once. */
@Command(
    name = "create",
    description = "Makes a token and prints it: the token alone on stdout, what it is on stderr.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Nobody can show a token again: the server keeps its hash alone.",
      "Example: pgmedic token create --name jarvis --role approver > jarvis.token",
      "Example: pgmedic token create --name ci --role viewer --target shop"
    })
final class TokenCreateCommand implements Callable<Integer> {

  @Mixin private final ServerOption server = new ServerOption();

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "Who it is; approvals count by it.")
  private String name = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description = "viewer, approver or admin.")
  private String role = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "person",
      description = "What carries it: person, agent or service; default ${DEFAULT-VALUE}.")
  private String kind = "person";

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Only for this target, and others that are named so; else for all.")
  private List<String> targets = new ArrayList<>();

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "Only for targets that have this label, and others that are named so.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--lifetime",
      paramLabel = "TIME",
      description = "How long it is good, such as 8h; else until it is revoked.")
  private @Nullable Duration lifetime;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    JsonObject made = server.client().post("/api/tokens", body());
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println(
        "pgmedic: token of "
            + made.getString("name")
            + ", "
            + made.getString("role")
            + ", good "
            + Optional.ofNullable(made.getString("expires_at"))
                .map(at -> "until " + at)
                .orElse("until it is revoked"));
    err.flush();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(made.getString("secret"));
    out.flush();
    return 0;
  }

  private JsonObject body() {
    JsonObject body = new JsonObject().put("name", name).put("role", role).put("kind", kind);
    if (!targets.isEmpty()) {
      body.put("targets", new JsonArray(targets));
    }
    if (!labels.isEmpty()) {
      body.put("labels", new JsonObject(new LinkedHashMap<>(labels)));
    }
    if (lifetime != null) {
      body.put("lifetime", DurationText.format(lifetime));
    }
    return body;
  }
}
