package dev.pgmedic.target;

import java.util.List;

/**
 * Leave to heal a target. A target without it is observe-only: plans are shown and cannot be
 * approved.
 *
 * @param url the role that recoveries log in with
 * @param restart commands that restart the services of the target once it is healed, in order
 */
public record Recovery(PostgresUrl url, List<List<String>> restart) {

  /** Copies the commands. */
  public Recovery {
    restart = restart.stream().map(List::copyOf).toList();
  }
}
