package dev.pgmedic.target;

import java.util.List;

/**
 * Leave to heal a target. A target without it is observe-only: plans are shown and cannot be
 * approved.
 *
 * @param url the role that recoveries log in with
 * @param restart commands that restart the services of the target once it is healed, in order
 * @param policy whose leave a recovery needs, and when it must wait
 */
public record Recovery(PostgresUrl url, List<List<String>> restart, Policy policy) {

  /** Leave to heal a target when one approver says so. */
  public Recovery(PostgresUrl url, List<List<String>> restart) {
    this(url, restart, Policy.DEFAULT);
  }

  /** Copies the commands. */
  public Recovery {
    restart = restart.stream().map(List::copyOf).toList();
  }
}
