package dev.pgmedic.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete the command's words. */
@Command(
    name = "completion",
    description = "Prints the script that completes commands, options and their values.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "For a bash:  source <(pgmedic completion bash)",
      "For a zsh:   source <(pgmedic completion zsh)",
      "For good, put that line into ~/.bashrc or ~/.zshrc.",
      "Example: pgmedic completion bash > pgmedic.bash"
    })
final class CompletionCommand implements Callable<Integer> {

  /** A zsh has the completion of bash, which the script itself switches on there. */
  private enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private @Nullable Shell shell;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec all = Objects.requireNonNull(spec).root();
    PrintWriter out = all.commandLine().getOut();
    out.println("# To be sourced by a " + shell + ".");
    out.print(AutoComplete.bash(all.name(), all.commandLine()));
    out.flush();
    return 0;
  }
}
