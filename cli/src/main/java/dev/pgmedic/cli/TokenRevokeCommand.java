package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends a token. */
@Command(
    name = "revoke",
    description = "Ends a token at once.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example: pgmedic token revoke jarvis"})
final class TokenRevokeCommand implements Callable<Integer> {

  @Mixin private final ServerOption server = new ServerOption();

  @Parameters(paramLabel = "NAME", description = "Whose token.")
  private String name = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    ServerClient client = server.client();
    String id =
        new TokenPages(client)
            .all().stream()
                .filter(token -> token.getString("revoked_at") == null)
                .filter(token -> token.getString("name").equals(name))
                .map(token -> token.getString("id"))
                .findFirst()
                .orElseThrow(() ->
                    new ConfigException("NAME", "expected whose token is good, found " + name));
    JsonObject gone = client.delete("/api/tokens/" + id);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println("the token of " + gone.getString("name") + " is good no more");
    out.flush();
    return 0;
  }
}
