package dev.pgmedic.worker;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.command.CapturedOutput;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.guard.Guard;
import dev.pgmedic.guard.GuardedRun;
import dev.pgmedic.guard.Need;
import dev.pgmedic.guard.Outcome;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.plan.PinnedCommand;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.target.Variables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs the migration tool under the lock that we hold, as guard does: with its supervisor, its
 * sessions named, and everything of it ended before the step is.
 */
final class ToolPerformer implements Performer {

  private static final int LONGEST_OUTPUT = 4_000;

  private final Vertx vertx;
  private final Target target;
  private final PostgresUrl url;
  private final HeldLock lock;
  private final RunTool tool;
  private final List<String> notices = new ArrayList<>();
  private Optional<CapturedOutput> output = Optional.empty();

  ToolPerformer(Workplace workplace, HeldLock lock, RunTool tool) {
    this.vertx = workplace.vertx();
    this.target = workplace.target();
    this.url = target.recovery().orElseThrow().url();
    this.lock = lock;
    this.tool = tool;
  }

  @Override
  public Future<String> perform(Step step) {
    Duration connect = target.deadlines().connect();
    return Deadline.within(step.timeout(), "the look at " + tool.tool(), ready())
        .compose(ready -> CapturedOutput.open(vertx))
        .compose(opened -> {
          output = Optional.of(opened);
          return ran(step, opened, connect);
        });
  }

  private Future<String> ran(Step step, CapturedOutput opened, Duration connect) {
    return new Guard(vertx, run(opened, step.timeout(), connect), Need.ALWAYS, notices::add)
        .run()
        .transform(ended ->
            opened
                .take(vertx, LONGEST_OUTPUT)
                .compose(said ->
                    ended.succeeded()
                        ? judged(ended.result(), target.masked(said))
                        : Future.failedFuture(ended.cause())));
  }

  @Override
  public Future<String> progress() {
    return output
        .map(opened -> opened.soFar(vertx, LONGEST_OUTPUT).map(target::masked))
        .orElse(Future.succeededFuture(""));
  }

  // The files last of all before it starts.
  private Future<Void> ready() {
    return new ToolSighting(vertx, target, lock, tool)
        .seen()
        .compose(seen -> ApprovedFiles.same(vertx, target, tool, StepFailed::new));
  }

  private GuardedRun run(CapturedOutput opened, Duration deadline, Duration connect) {
    PinnedCommand command = tool.command();
    List<String> words = new ArrayList<>(Variables.ofProcess().filled(command.words()));
    words.set(0, command.executable());
    return new GuardedRun(
        GuardedRun.newId(),
        url,
        words,
        new GuardedRun.Limits(connect, deadline, Optional.empty(), connect),
        Optional.of(lock.lent()),
        Surroundings.in(
                Path.of(command.directory()),
                target.migrations().environment(url, lock.run().applicationName()))
            .with(lock.environment()),
        opened.streams(),
        Afterwards.NOTHING);
  }

  private Future<String> judged(Outcome outcome, String said) {
    String told =
        (said.isEmpty() ? "" : ": " + said)
            + (notices.isEmpty() ? "" : "; " + String.join("; ", notices));
    return switch (outcome) {
      case Outcome.Ended ended ->
          ended.code() == 0
              ? Future.succeededFuture(tool.postcondition() + told)
              : failed(tool.command().text() + " ended with " + ended.code() + told);
      case Outcome.LockLost lost ->
          failed("the migration lock was lost, and the command was ended: " + lost.reason() + told);
      case Outcome.TimedOut late ->
          failed(
              "the command had not ended after "
                  + DurationText.format(late.deadline())
                  + ", and was ended"
                  + told);
      case Outcome.Unsupervised alone ->
          failed("somebody ended the command's supervisor, so the command was ended too" + told);
      case Outcome.Skipped skipped -> failed("the command was not run");
    };
  }

  private static Future<String> failed(String why) {
    return Future.failedFuture(new StepFailed(why));
  }
}
