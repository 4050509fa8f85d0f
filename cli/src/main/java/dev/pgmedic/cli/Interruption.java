package dev.pgmedic.cli;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What becomes of a command that is told to end (Ctrl-C, TERM) before it has: everything is closed
 * in order, and then it says where that leaves the database. The process ends as the signal says.
 */
final class Interruption {

  private enum State {
    AWAITED,
    COME,
    OVER
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.AWAITED);
  private final Closing closing;
  private final Consumer<String> say;
  private volatile Supplier<String> standing = () -> "nothing was run";

  private Interruption(Closing closing, Consumer<String> say) {
    this.closing = closing;
    this.say = say;
  }

  /**
   * Waits for one from now on.
   *
   * @param closing what is closed when the process ends, however it does
   * @param say hears where it leaves the database
   */
  static Interruption of(Closing closing, Consumer<String> say) {
    Interruption interruption = new Interruption(closing, say);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::come, "pgmedic-stop"));
    return interruption;
  }

  /** From now on the database stands as this says. */
  void leaves(Supplier<String> standing) {
    this.standing = standing;
  }

  private void come() {
    boolean early = state.compareAndSet(State.AWAITED, State.COME);
    closing.close();
    if (early) {
      say.accept("stopped; " + standing.get());
    }
  }

  /**
   * The command is over. Where it was interrupted this does not return: what failed then failed
   * because everything was closed, and the process is ending.
   */
  void over() {
    closing.close();
    if (!state.compareAndSet(State.AWAITED, State.OVER)) {
      while (true) {
        LockSupport.park(this);
      }
    }
  }
}
