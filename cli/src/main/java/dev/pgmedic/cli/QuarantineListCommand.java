package dev.pgmedic.cli;

import dev.pgmedic.json.Json;
import dev.pgmedic.quarantine.QuarantineSchema;
import dev.pgmedic.quarantine.Quarantines;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what lies in the quarantine. Reads only. */
@Command(
    name = "list",
    description = "Lists what lies in the schemas pgmedic_q_..., and what outside rests on it.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "About how many rows a table has is told once it was analysed.",
      "Ends with 0 when it could look, whatever it saw; 2 usage or config;",
      "3 unreachable.",
      "Example: pgmedic quarantine list --url postgresql://me@localhost/mydb"
    })
final class QuarantineListCommand implements Callable<Integer> {

  @Mixin private final Source source = new Source();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Which target of the file; else all of them.")
  private @Nullable String target;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  private record Listed(String target, List<QuarantineSchema> schemas) {}

  @Override
  public Integer call() {
    List<Target> targets = TargetOption.chosen(source.read(), target);
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      Quarantines quarantines = new Quarantines(vertx);
      List<Listed> listed =
          InTurns.each(
                  targets,
                  one -> quarantines.list(one).map(schemas -> new Listed(one.name(), schemas)))
              .await();
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (json) {
        Map<String, List<QuarantineSchema>> byTarget = new LinkedHashMap<>();
        listed.forEach(one -> byTarget.put(one.target(), one.schemas()));
        out.println(Json.write(byTarget));
      } else {
        listed.stream()
            .flatMap(one -> QuarantineText.of(one.target(), one.schemas()).stream())
            .forEach(out::println);
      }
      out.flush();
      return 0;
    } finally {
      closing.close();
    }
  }
}
