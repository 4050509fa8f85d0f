package dev.pgmedic.worker;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.command.CapturedOutput;
import dev.pgmedic.command.SupervisedCommand;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.guard.GuardedRun;
import dev.pgmedic.plan.Step;
import dev.pgmedic.target.Target;
import dev.pgmedic.target.Variables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a command of the configuration file, which must end with 0, with guard's supervisor: nothing
 * of it outlives us, its deadline or its failure. What it started and left behind lives on when it
 * ended with 0: a restart may leave the very service. It finds no more of our environment than a
 * program needs, and hears nothing.
 */
final class CommandPerformer implements Performer {

  private static final int LONGEST_OUTPUT = 4_000;

  /** From TERM to KILL: a step that takes too long ends within a second. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final String STOPPED = "the recovery was stopped, and the command was ended";
  private static final String UNSUPERVISED =
      "somebody ended the command's supervisor, so the command was ended too";

  private final Vertx vertx;
  private final Target target;
  private final List<String> words;
  private Optional<CapturedOutput> output = Optional.empty();
  private Optional<SupervisedCommand> running = Optional.empty();
  private boolean stopped;

  CommandPerformer(Vertx vertx, Target target, List<String> words) {
    this.vertx = vertx;
    this.target = target;
    this.words = List.copyOf(words);
  }

  /**
   * Completes with the end of what the command said when it ended with 0. Fails with {@link
   * StepFailed} on another exit code and after {@link #stop}, with {@link
   * dev.pgmedic.command.CommandNotStarted}, and with {@link dev.pgmedic.deadline.DeadlinePassed}
   * after the step's timeout, when everything of it was ended.
   */
  @Override
  public Future<String> perform(Step step) {
    return CapturedOutput.open(vertx)
        .compose(opened -> {
          output = Optional.of(opened);
          return started(opened)
              .compose(command -> ended(command, step))
              .transform(ended ->
                  opened
                      .take(vertx, LONGEST_OUTPUT)
                      .compose(said ->
                          ended.succeeded()
                              ? judged(ended.result(), said)
                              : Future.failedFuture(ended.cause())));
        });
  }

  private Future<SupervisedCommand> started(CapturedOutput opened) {
    if (stopped) {
      return failed(STOPPED);
    }
    return SupervisedCommand.start(
            vertx,
            new SupervisedCommand.Spec(
                GuardedRun.newId(),
                Variables.ofProcess().filled(words),
                Surroundings.in(Path.of("").toAbsolutePath(), Map.of()),
                opened.streams(),
                Afterwards.NOTHING))
        .onSuccess(command -> running = Optional.of(command));
  }

  private Future<Integer> ended(SupervisedCommand command, Step step) {
    Future<Integer> exit =
        Future.any(command.exit(), command.unsupervised())
            .compose(first -> first.succeeded(0) ? command.exit() : failed(UNSUPERVISED));
    return Deadline.within(
            step.timeout(),
            SupervisedCommand.text(words),
            stopped ? failed(STOPPED) : exit,
            () -> command.end(GRACE).mapEmpty())
        .compose(code ->
            stopped
                ? Future.<Integer>failedFuture(new StepFailed(STOPPED))
                : Future.succeededFuture(code))
        .compose(
            code -> (code == 0 ? command.leave() : command.end(GRACE).<Void>mapEmpty()).map(code),
            error -> command.end(GRACE).transform(gone -> Future.failedFuture(error)));
  }

  private Future<String> judged(int code, String said) {
    String told = String.join(" ", words) + " ended with " + code;
    String full = target.masked(said.isEmpty() ? told : told + ": " + said);
    return code == 0 ? Future.succeededFuture(full) : failed(full);
  }

  @Override
  public Future<String> progress() {
    return output
        .map(opened -> opened.soFar(vertx, LONGEST_OUTPUT).map(target::masked))
        .orElse(Future.succeededFuture(""));
  }

  @Override
  public Future<Void> stop() {
    stopped = true;
    return running
        .map(command -> command.end(GRACE).<Void>mapEmpty().otherwiseEmpty())
        .orElse(Future.succeededFuture());
  }

  private static <T> Future<T> failed(String why) {
    return Future.failedFuture(new StepFailed(why));
  }
}
