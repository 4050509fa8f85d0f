package dev.pgmedic.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What recoveries moved out of the way. */
@Command(
    name = "quarantine",
    description = "Lists what recoveries moved out of the way, or destroys a part of it.",
    mixinStandardHelpOptions = true,
    subcommands = {QuarantineListCommand.class, QuarantineEmptyCommand.class},
    footer = {"", "Example: pgmedic quarantine list --url postgresql://me@localhost/mydb"})
final class QuarantineCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "expected list or empty");
  }
}
