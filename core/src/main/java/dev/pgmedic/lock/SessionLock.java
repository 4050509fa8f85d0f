package dev.pgmedic.lock;

import java.util.Optional;

/** A lock in the server's memory: it ends with the session or the transaction that holds it. */
public sealed interface SessionLock extends SeenLock permits AdvisoryLock, TableLock {

  /** Who holds it; absent when a prepared transaction does. */
  Optional<Backend> session();

  /** The name of the prepared transaction that holds it. */
  Optional<String> prepared();

  /** The holder in one phrase for people. */
  default String holder() {
    return session()
        .map(Backend::name)
        .orElse("a prepared transaction" + prepared().map(gid -> " (" + gid + ")").orElse(""));
  }

  /** Whether the lock could be nobody else's. */
  boolean exact();

  /**
   * Whether the tool works through other programs too, so that any session of the same user at the
   * same address may be at its work.
   */
  boolean worksUnderAnyName();
}
