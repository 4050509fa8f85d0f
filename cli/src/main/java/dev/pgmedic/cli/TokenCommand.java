package dev.pgmedic.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Who may ask the server for what. */
@Command(
    name = "token",
    description = "Makes, lists and revokes the server's bearer tokens.",
    mixinStandardHelpOptions = true,
    subcommands = {TokenCreateCommand.class, TokenListCommand.class, TokenRevokeCommand.class},
    footer = {
      "",
      "Tokens of the configuration file stand there, and are neither listed nor",
      "revoked.",
      "Example: pgmedic token create --name jarvis --role approver --kind agent"
    })
final class TokenCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "expected create, list or revoke");
  }
}
