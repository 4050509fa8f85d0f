package dev.pgmedic.guard;

import dev.pgmedic.command.Afterwards;
import dev.pgmedic.command.SupervisedCommand;
import dev.pgmedic.command.Surroundings;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.BorrowedLock;
import dev.pgmedic.lock.Hold;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.lock.WaitNotices;
import dev.pgmedic.postgres.Unreachable;
import io.vertx.core.Future;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs one command under the migration lock: waits for the database and for the lock, starts the
 * command with its supervisor, ends it when the lock is lost or its time is up, and gives the lock
 * back only when nothing of the command is left, in the machine or in the server.
 */
public final class Guard {

  /** From TERM to KILL when the time of the command is up. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** From TERM to KILL when the lock is lost: no statement may start a second later. */
  static final Duration GRACE_WITHOUT_LOCK = Duration.ofMillis(300);

  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration NOTICE_EVERY = Duration.ofSeconds(10);
  private static final Duration STATEMENT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final GuardedRun run;
  private final Need need;
  private final WaitNotices notices;
  private final long patience;
  private volatile Optional<SupervisedCommand> running = Optional.empty();
  private volatile boolean stopped;

  /**
   * A guard for one run.
   *
   * @param need whether the command has anything to do; asked before the lock is taken and again
   *     under it
   * @param lines hears what a person should know meanwhile, one at a time: what is waited for at
   *     once and then every 10 s
   */
  public Guard(Vertx vertx, GuardedRun run, Need need, Consumer<String> lines) {
    this(vertx, run, need, new WaitNotices(NOTICE_EVERY, lines));
  }

  /** A guard that tells of a wait at another pace. */
  Guard(Vertx vertx, GuardedRun run, Need need, WaitNotices notices) {
    this.vertx = vertx;
    this.run = run;
    this.need = need;
    this.notices = notices;
    this.patience = System.nanoTime() + run.limits().patience().toNanos();
  }

  /**
   * Does it.
   *
   * <p>Completes with how the command ended, after the lock was given back. Fails, with nothing of
   * the command run, with {@link Unreachable} when the database was not to be had within the run's
   * patience; with {@link dev.pgmedic.lock.LockNotAvailable}; with {@link
   * dev.pgmedic.lock.WrongServer}; with {@link dev.pgmedic.command.CommandNotStarted}; with {@link
   * CancellationException} after {@link #stop}; and as {@code need} fails.
   */
  public Future<Outcome> run() {
    return patiently(this::asked)
        .compose(before ->
            before.isPresent()
                ? Future.succeededFuture(before.get())
                : patiently(this::hold).compose(this::underLock));
  }

  private Future<Optional<Outcome>> asked() {
    return need.atHead().map(head -> head.map(Outcome.Skipped::new));
  }

  private void say(String line) {
    notices.lines().accept(line);
  }

  private <T> Future<T> patiently(Supplier<Future<T>> attempt) {
    return patiently(attempt, notices.begin());
  }

  private <T> Future<T> patiently(Supplier<Future<T>> attempt, WaitNotices.Wait wait) {
    return attempt
        .get()
        .recover(error -> {
          boolean again =
              error instanceof Unreachable later
                  && later.mayPass()
                  && System.nanoTime() < patience
                  && !stopped;
          if (!again) {
            return Future.failedFuture(error);
          }
          if (wait.isDue()) {
            String left = DurationText.words(remaining());
            wait.tell("waiting for the database (" + left + " left): " + error.getMessage());
          }
          return vertx.timer(RETRY.toMillis()).compose(waited -> patiently(attempt, wait));
        });
  }

  private Duration remaining() {
    return Duration.ofNanos(Math.max(0, patience - System.nanoTime()));
  }

  private Future<? extends Hold> hold() {
    return run.under()
        .map(claimed ->
            BorrowedLock.verify(vertx, run.url(), claimed, run.limits().connect())
                .compose(borrowed -> {
                  if (borrowed.isPresent()) {
                    return Future.<Hold>succeededFuture(borrowed.get());
                  }
                  say(
                      Hold.VARIABLE
                          + " names a session that does not hold the lock of this database; taking"
                          + " the lock as usual");
                  return own();
                }))
        .orElseGet(this::own);
  }

  private Future<Hold> own() {
    return MigrationLock.of(vertx, run.run(), run.limits().connect(), STATEMENT)
        .telling(notices)
        .acquire(run.url(), remaining(), session -> Future.succeededFuture())
        .map(held -> held);
  }

  private Future<Outcome> underLock(Hold hold) {
    return asked()
        .compose(head -> head.map(Future::succeededFuture).orElseGet(() -> work(hold)))
        .compose(
            outcome -> givenBack(hold, outcome),
            error -> hold.abandon().transform(closed -> Future.failedFuture(error)));
  }

  private Future<Outcome> givenBack(Hold hold, Outcome outcome) {
    if (outcome instanceof Outcome.LockLost) {
      return hold.abandon().map(outcome);
    }
    return Deadline.within(STATEMENT, "giving the lock back", hold.release(), hold::abandon)
        .map(outcome)
        .recover(error ->
            Future.succeededFuture(new Outcome.LockLost(String.valueOf(error.getMessage()))));
  }

  private Future<Outcome> work(Hold hold) {
    if (stopped) {
      return Future.failedFuture(new CancellationException("stopped before the command started"));
    }
    Surroundings surroundings =
        run.surroundings().with(CommandEnvironment.of(run, hold, this::say));
    return SupervisedCommand.start(
            vertx,
            new SupervisedCommand.Spec(
                run.id(), run.command(), surroundings, run.streams(), afterwards(hold)))
        .compose(command -> {
          running = Optional.of(command);
          long watch = vertx.setPeriodic(notices.every().toMillis(), tick -> explain(hold));
          return firstEnd(hold, command)
              .compose(end -> ended(hold, command, end))
              .onComplete(done -> vertx.cancelTimer(watch));
        });
  }

  private Afterwards afterwards(Hold hold) {
    return run.afterwards().with(hold.run().text());
  }

  private Future<Outcome> firstEnd(Hold hold, SupervisedCommand command) {
    Timer deadline = vertx.timer(run.limits().deadline().toMillis(), TimeUnit.MILLISECONDS);
    Future<Outcome> timedOut = deadline.map(late -> new Outcome.TimedOut(run.limits().deadline()));
    return Future.any(
            command.exit().<Outcome>map(code -> new Outcome.Ended(code, false)),
            hold.loss().<Outcome>map(Outcome.LockLost::new),
            command.unsupervised().<Outcome>map(code -> new Outcome.Unsupervised()),
            timedOut)
        .map(any -> first(any))
        .onComplete(done -> deadline.cancel());
  }

  private static Outcome first(io.vertx.core.CompositeFuture any) {
    for (int i = 0; i < any.size(); i++) {
      if (any.succeeded(i)) {
        return any.resultAt(i);
      }
    }
    throw new IllegalStateException("one of them has ended");
  }

  private Future<Outcome> ended(Hold hold, SupervisedCommand command, Outcome end) {
    return switch (end) {
      case Outcome.Ended ended ->
          command
              .end(GRACE)
              .compose(leftovers ->
                  sessionsEnded(hold).map(gone -> new Outcome.Ended(ended.code(), leftovers)));
      case Outcome.LockLost lost ->
          Future.join(command.end(GRACE_WITHOUT_LOCK), sessionsEndedElsewhere(hold)).map(lost);
      case Outcome.TimedOut late ->
          command.end(GRACE).compose(killed -> sessionsEnded(hold)).map(late);
      case Outcome.Unsupervised alone ->
          command.end(GRACE_WITHOUT_LOCK).compose(killed -> sessionsEnded(hold)).map(alone);
      case Outcome.Skipped skipped -> Future.succeededFuture(skipped);
    };
  }

  // The next holder waits for them too, so that a missing right here is told and is no failure.
  private Future<Void> sessionsEnded(Hold hold) {
    return Deadline.within(
            STATEMENT, "ending the sessions", RunSessions.end(hold.session(), hold.run()))
        .onFailure(error -> say("sessions of the command may be left: " + error.getMessage()))
        .transform(done -> Future.succeededFuture());
  }

  private Future<Void> sessionsEndedElsewhere(Hold hold) {
    return Deadline.within(
            STATEMENT,
            "ending the sessions",
            RunSessions.end(vertx, run.url(), hold.run(), Future.succeededFuture()))
        .onFailure(error -> say("sessions of the command may be left: " + error.getMessage()))
        .transform(done -> Future.succeededFuture());
  }

  // A look that fails says nothing of the command, and the heart of the lock tells of a lost
  // server.
  private void explain(Hold hold) {
    RunSessions.waiting(hold.session(), hold.run())
        .onSuccess(lines -> lines.forEach(this::say))
        .onFailure(unseen -> {});
  }

  /** Hands a signal on to the command. Completes nothing: how the command ends decides. */
  public void signal(String name) {
    running.ifPresentOrElse(command -> command.signal(name), this::stop);
  }

  /** Whether the command runs, or did. */
  public boolean started() {
    return running.isPresent();
  }

  /** No command is started any more. */
  public void stop() {
    stopped = true;
  }
}
