package dev.pgmedic.cli;

import dev.pgmedic.command.Executables;
import dev.pgmedic.command.Streams;
import dev.pgmedic.command.SupervisedCommand;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.guard.Guard;
import dev.pgmedic.guard.GuardedRun;
import dev.pgmedic.guard.Need;
import dev.pgmedic.guard.Outcome;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.BorrowedLock;
import dev.pgmedic.lock.Hold;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs any command under the migration lock. */
@Command(
    name = "guard",
    description =
        "Runs a command under the migration lock of a database, one at a time wherever it is"
            + " started; ends with the command's exit code.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The last line on stderr says why it ended. 75: the lock was not to be had",
      "within --wait. 124: the command had not ended by --deadline. 128 and n:",
      "signal n ended it.",
      "Example: pgmedic guard --url postgresql://me@db/shop -- alembic upgrade head"
    })
final class GuardCommand implements Callable<Integer> {

  private static final int LOCK_LOST = 1;

  @Mixin private final Source source = new Source();

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Which target of the file; not needed when there is one.")
  private @Nullable String target;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "For the database and the lock together; default 60s. 0s tries once, and does not wait."
              + " --verify waits as long for others to end their migrations.")
  private @Nullable Duration patience;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      description = "For the command; then it is ended. Default 10m.")
  private @Nullable Duration deadline;

  @Option(
      names = "--lock-timeout",
      paramLabel = "TIME",
      description =
          "How long a statement of the command may wait for one lock; handed on by PGOPTIONS."
              + " Left out, nothing is set.")
  private @Nullable Duration lockTimeout;

  @Option(
      names = "--if-behind",
      description =
          "Does not run the command when the database is at head already; looks before it waits for"
              + " the lock, and again when it has it.")
  private boolean ifBehind;

  @Option(
      names = "--path",
      paramLabel = "FOLDER",
      description =
          "Where the migrations are, for --if-behind and --verify: the folder with alembic.ini,"
              + " manage.py or the SQL files; else migrations.directory of the file.")
  private @Nullable Path path;

  @Option(
      names = "--verify",
      description =
          "Checks the database after the command ended with 0 or was skipped; ends with 1 when"
              + " something of high or critical is wrong.")
  private boolean verify;

  @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "What to run, after --.")
  private List<String> command = List.of();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    requireSome("--deadline", deadline);
    requireSome("--lock-timeout", lockTimeout);
    Config config = source.read();
    Target named = TargetOption.choose(config, target).withDirectory(Optional.ofNullable(path));
    // Lock, looks and command must mean the same server, and go past any pooler.
    Target wanted = named.withUrl(named.recovery().map(Recovery::url).orElse(named.url()));
    var unused =
        Executables.resolve(
            command.get(0), Environment.get("PATH").orElse(""), Path.of("").toAbsolutePath());
    End end = guarded(config, wanted);
    end.cause().ifPresent(this::say);
    return end.code();
  }

  private static void requireSome(String option, @Nullable Duration time) {
    if (time != null && time.isZero()) {
      throw new ConfigException(option, "expected more than zero, such as 10s");
    }
  }

  /** The cause is said when all is closed, so that nothing comes after it. */
  private record End(int code, Optional<String> cause) {
    static End of(int code, String cause) {
      return new End(code, Optional.of(cause));
    }
  }

  private End guarded(Config config, Target wanted) {
    Closing closing = new Closing();
    Vertx vertx = closing.add(QuickVertx.start());
    try {
      Guard guard = new Guard(vertx, run(wanted), need(vertx, wanted), this::say);
      Signals.handOn(guard, this::say);
      End end = end(guard.run().await());
      return end.code() == 0 && verify ? verified(vertx, config, wanted, closing, end) : end;
    } finally {
      closing.close();
    }
  }

  private GuardedRun run(Target wanted) {
    return new GuardedRun(
        GuardedRun.newId(),
        wanted.url(),
        command,
        new GuardedRun.Limits(
            patience(wanted),
            Optional.ofNullable(deadline).orElse(wanted.deadlines().command()),
            Optional.ofNullable(lockTimeout),
            wanted.deadlines().connect()),
        Environment.get(Hold.VARIABLE).map(BorrowedLock.Claimed::parse),
        Surroundings.OURS,
        Streams.INHERITED,
        EndRunCommand.afterwards(wanted.url()));
  }

  private Duration patience(Target wanted) {
    return Optional.ofNullable(patience).orElse(wanted.deadlines().lockWait());
  }

  private Need need(Vertx vertx, Target wanted) {
    if (!ifBehind) {
      return Need.ALWAYS;
    }
    return new BehindHead(vertx, wanted);
  }

  private End end(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Skipped skipped ->
          End.of(0, "already at head " + skipped.version() + "; the command was not run");
      case Outcome.Ended ended -> {
        if (ended.leftovers()) {
          say(
              "processes that the command left behind were ended: they would have worked on"
                  + " without the lock");
        }
        yield ended.code() == 0
            ? new End(0, Optional.empty())
            : End.of(
                ended.code(), ExitText.of(ended.code()) + ": " + SupervisedCommand.text(command));
      }
      case Outcome.LockLost lost ->
          End.of(
              LOCK_LOST,
              "the migration lock was lost, and the command was ended: " + lost.reason());
      case Outcome.TimedOut late ->
          End.of(
              Pgmedic.TIMED_OUT,
              "the command had not ended after "
                  + DurationText.format(late.deadline())
                  + ", and was ended");
      case Outcome.Unsupervised alone ->
          End.of(
              LOCK_LOST, "somebody ended the command's supervisor, so the command was ended too");
    };
  }

  private End verified(Vertx vertx, Config config, Target wanted, Closing closing, End end) {
    String done = end.cause().orElse("the command ended with 0");
    return new LookAfterwards(vertx, wanted, patience(wanted))
        .wrong(config, closing)
        .map(
            wrong -> wrong.map(why -> End.of(Pgmedic.UNHEALTHY, done + ", but " + why)).orElse(end))
        .await();
  }

  private void say(String line) {
    PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
    err.println("pgmedic: " + line);
    err.flush();
  }
}
