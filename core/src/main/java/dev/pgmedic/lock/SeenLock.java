package dev.pgmedic.lock;

import java.util.List;

/** A lock that a migration tool, pgmedic or an application has taken in a database. */
public sealed interface SeenLock permits SessionLock, LockRow {

  /** pgmedic itself. */
  String PGMEDIC = "pgmedic";

  /** The target's own {@code lock_keys} name it. */
  String CONFIGURED = "lock_keys";

  /** Nobody known to us. */
  String APPLICATION = "application";

  /** Whose lock it is: a tool's name, or one of the three above. */
  String tool();

  /** What tells it from other locks of that tool in this database. */
  String key();

  /** Who wants it. */
  List<Waiter> waiting();
}
