package dev.pgmedic.cli;

import dev.pgmedic.command.CommandNotStarted;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.LockNotAvailable;
import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.postgres.Unreachable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command. Its exit codes are a contract with pipelines. */
@Command(
    name = "pgmedic",
    description = "Heals PostgreSQL databases that a schema migration broke.",
    versionProvider = Pgmedic.Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      CheckCommand.class,
      PlanCommand.class,
      RecoverCommand.class,
      WatchCommand.class,
      IssuesCommand.class,
      TasksCommand.class,
      ApproveCommand.class,
      RejectCommand.class,
      ReportCommand.class,
      GuardCommand.class,
      LocksCommand.class,
      DoctorCommand.class,
      GrantsCommand.class,
      QuarantineCommand.class,
      McpCommand.class,
      CompletionCommand.class,
      TokenCommand.class,
      EndRunCommand.class,
      RehearseCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 healthy or done; 1 an issue of high or above, or a recovery that",
      "failed; 2 usage or config; 3 unreachable; 75 the lock was not to be had in time;",
      "124 a deadline passed.",
      "Example: pgmedic demo --approve"
    })
public final class Pgmedic {

  static final int UNHEALTHY = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;
  static final int LOCKED = 75;
  static final int TIMED_OUT = 124;

  private Pgmedic() {}

  /** Runs the command that the arguments name, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine command = commandLine();
    command.setParameterExceptionHandler(
        (mistake, words) -> fail(mistake.getCommandLine(), misused(mistake), USAGE));
    command.setExecutionExceptionHandler((error, line, parsed) ->
        fail(
            line,
            Optional.ofNullable(error.getMessage()).orElse(error.toString()),
            exitCode(error)));
    if (arguments.length == 0) {
      command.usage(command.getErr());
      return USAGE;
    }
    return command.execute(arguments);
  }

  /** The command with all its parts. */
  static CommandLine commandLine() {
    CommandLine command = new CommandLine(new Pgmedic());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    Objects.requireNonNull(command.getSubcommands().get("guard")).setStopAtPositional(true);
    command.registerConverter(Duration.class, Pgmedic::duration);
    Objects.requireNonNull(command.getSubcommands().get("help"))
        .getCommandSpec()
        .usageMessage()
        .footer("", "Example: pgmedic help guard");
    return command;
  }

  // One line, and not the usage: the last line says why it ended.
  private static int fail(CommandLine line, String cause, int code) {
    line.getErr().println("pgmedic: " + cause);
    line.getErr().flush();
    return code;
  }

  private static String misused(CommandLine.ParameterException mistake) {
    List<String> meant =
        mistake instanceof CommandLine.UnmatchedArgumentException unknown
            ? unknown.getSuggestions()
            : List.of();
    return mistake.getMessage()
        + (meant.isEmpty() ? "" : "; did you mean " + String.join(" or ", meant) + "?")
        + "; see "
        + mistake.getCommandLine().getCommandSpec().qualifiedName()
        + " --help";
  }

  private static Duration duration(String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static int exitCode(Throwable error) {
    return switch (error) {
      case ConfigException mistake -> USAGE;
      case IllegalArgumentException usage -> USAGE;
      case WrongServer elsewhere -> USAGE;
      case CommandNotStarted missing -> USAGE;
      case Unreachable unreachable -> UNREACHABLE;
      case ServerUnreachable nobody -> UNREACHABLE;
      case LockNotAvailable locked -> LOCKED;
      case DeadlinePassed late -> TIMED_OUT;
      default -> UNHEALTHY;
    };
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Pgmedic.class.getPackage().getImplementationVersion();
      return new String[] {"pgmedic " + (version == null ? "(unpacked)" : version)};
    }
  }
}
