package dev.pgmedic.command;

import dev.pgmedic.postgres.ForeignText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command that runs together with a supervisor: at no time is it without one, and nothing that it
 * started outlives {@link #end}, or us, by more than seconds, unless somebody {@link #leave}s it.
 * What leaves the run's environment behind on purpose ({@code sudo}, {@code env -i}, another
 * machine) is out of its reach.
 */
public final class SupervisedCommand {

  /** The variable that carries the marks of the runs that a process belongs to. */
  public static final String MARK = "PGMEDIC_RUN";

  private static final int LONGEST_TEXT = 80;
  private static final Pattern PASSWORD = Pattern.compile("(://[^\\s:/@]*:)[^\\s/]*@");

  private final Vertx vertx;
  private final Spec spec;
  private final Supervisor supervisor;
  private final Process process;

  private SupervisedCommand(Vertx vertx, Spec spec, Supervisor supervisor, Process process) {
    this.vertx = vertx;
    this.spec = spec;
    this.supervisor = supervisor;
    this.process = process;
  }

  /**
   * What to run.
   *
   * @param mark of the run: letters and digits, at least 12, known to nobody before
   * @param command its words; the first is looked for in PATH
   * @param surroundings where it runs and what it finds there
   * @param streams where it reads from and writes to
   * @param afterwards what the supervisor runs when we are killed
   */
  public record Spec(
      String mark,
      List<String> command,
      Surroundings surroundings,
      Streams streams,
      Afterwards afterwards) {

    /** Rejects a mark that others could carry by chance. */
    public Spec {
      if (!mark.matches("[A-Za-z0-9-]{12,45}") || command.isEmpty()) {
        throw new IllegalArgumentException(
            "expected a command and a mark of 12 to 45 letters and digits");
      }
      command = List.copyOf(command);
    }
  }

  /**
   * Starts the supervisor, then the command.
   *
   * <p>Completes when both run. Fails with {@link CommandNotStarted} when one cannot be; nothing
   * runs then.
   */
  public static Future<SupervisedCommand> start(Vertx vertx, Spec spec) {
    return Supervisor.start(vertx, spec.mark(), spec.afterwards())
        .compose(supervisor ->
            Processes.start(vertx, builder(spec))
                .map(process -> new SupervisedCommand(vertx, spec, supervisor, process))
                .recover(error ->
                    supervisor.end(Duration.ZERO).transform(none -> Future.failedFuture(error))));
  }

  private static ProcessBuilder builder(Spec spec) {
    ProcessBuilder builder =
        new ProcessBuilder(spec.command())
            .redirectInput(spec.streams().in())
            .redirectOutput(spec.streams().out())
            .redirectError(spec.streams().err());
    spec.surroundings().apply(builder);
    // One guard may run under another; whichever ends first ends what carries its own mark.
    builder.environment().merge(MARK, spec.mark(), (outer, inner) -> outer + "," + inner);
    return builder;
  }

  /** Completes with the exit code; 128 and n when signal n ended it. Never fails. */
  public Future<Integer> exit() {
    return Processes.exit(vertx, process);
  }

  /** Completes with the supervisor's exit code if it ends; until {@link #end} it must not. */
  public Future<Integer> unsupervised() {
    return supervisor.exit();
  }

  /** Sends a signal to the command alone, such as {@code TERM}. */
  public void signal(String name) {
    if (process.isAlive()) {
      supervisor.signal(name, process.pid());
    }
  }

  /**
   * Ends everything of the run that is still there, and the supervisor.
   *
   * <p>Completes with whether there was anything; fails with {@link IllegalStateException} when
   * something would not end within 10 s after the grace.
   *
   * @param grace from TERM to KILL
   */
  public Future<Boolean> end(Duration grace) {
    return supervisor
        .end(grace)
        .recover(error ->
            // Somebody killed the supervisor: another one does its work.
            Supervisor.start(vertx, spec.mark(), Afterwards.NOTHING)
                .compose(second -> second.end(grace)));
  }

  /**
   * Ends the supervisor alone: what the command left behind lives on, as a service does that it
   * started. Completes when the supervisor has ended.
   */
  public Future<Void> leave() {
    return supervisor.leave();
  }

  /**
   * The command in one line of at most 80 characters, for people: no password of a URL is in it.
   */
  public static String text(List<String> command) {
    String line = PASSWORD.matcher(String.join(" ", command)).replaceAll("$1***@");
    return ForeignText.visible(line, LONGEST_TEXT);
  }
}
