package dev.pgmedic.plan.action;

/** When a step runs: a recovery holds the migration lock of its target in between. */
public enum Phase {
  /** It makes way for a migration that is at work and holds the lock itself. */
  WITHOUT_LOCK,
  /** It frees the very lock that the others need. */
  BEFORE_LOCK,
  /** It changes what migrations change. */
  UNDER_LOCK,
  /** It may lead to a migration of its own, or only looks. */
  AFTER_LOCK
}
