package dev.pgmedic.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the tokens of the server's store. */
@Command(
    name = "list",
    description = "Lists the tokens that were made, also those that are good no more.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: pgmedic token list"})
final class TokenListCommand implements Callable<Integer> {

  private static final List<String> HEAD =
      List.of("NAME", "ROLE", "KIND", "FOR", "MADE BY", "GOOD");

  @Mixin private final ServerOption server = new ServerOption();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    List<JsonObject> tokens = new TokenPages(server.client()).all();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(new JsonArray(tokens).encode());
    } else {
      List<List<String>> rows = new ArrayList<>(List.of(HEAD));
      tokens.forEach(token -> rows.add(cells(token)));
      TextTable.lines(rows).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static List<String> cells(JsonObject token) {
    String good =
        Optional.ofNullable(token.getString("revoked_at"))
            .map(at -> "revoked " + at + " by " + token.getString("revoked_by"))
            .or(() -> Optional.ofNullable(token.getString("expires_at")).map(at -> "until " + at))
            .orElse("until it is revoked");
    return List.of(
        token.getString("name"),
        token.getString("role"),
        token.getString("kind"),
        scope(token),
        token.getString("created_by"),
        good);
  }

  private static String scope(JsonObject token) {
    String labels =
        token.getJsonObject("labels").stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .sorted()
            .collect(Collectors.joining(","));
    String targets =
        token.getJsonArray("targets").stream()
            .map(String::valueOf)
            .collect(Collectors.joining(","));
    String both = (targets + " " + labels).strip();
    return both.isEmpty() ? "all" : both;
  }
}
