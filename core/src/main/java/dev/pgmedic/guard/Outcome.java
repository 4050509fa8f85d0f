package dev.pgmedic.guard;

import java.time.Duration;

/** How a guarded command came to its end. */
public sealed interface Outcome {

  /** There was nothing to do: the database is at head, and the command was not run. */
  record Skipped(String version) implements Outcome {}

  /**
   * The command ended by itself, all of it under the lock.
   *
   * @param code its exit code; 128 and n when signal n ended it
   * @param leftovers whether processes that it left behind had to be ended
   */
  record Ended(int code, boolean leftovers) implements Outcome {}

  /** The lock was lost, and the command was ended for it. */
  record LockLost(String reason) implements Outcome {}

  /** The command had not ended by its deadline, and was ended. */
  record TimedOut(Duration deadline) implements Outcome {}

  /** Somebody ended the supervisor, and the command was ended for it. */
  record Unsupervised() implements Outcome {}
}
