package dev.pgmedic.target;

import java.time.Duration;

/**
 * The longest that each kind of work on a target may take. Nothing in pgmedic waits without one of
 * these.
 *
 * @param connect from the first packet to a session that is logged in; default 5 s
 * @param check one whole check; default 30 s
 * @param lockWait how long the migration lock is waited for; default 60 s
 * @param statement one SQL step; default 120 s
 * @param command one command of a tool; default 10 min
 * @param recovery one whole recovery; default 30 min
 * @param idle nothing that a session does, before its transaction counts as forgotten and another
 *     tool's lock may be suspected; default 10 min
 */
public record Deadlines(
    Duration connect,
    Duration check,
    Duration lockWait,
    Duration statement,
    Duration command,
    Duration recovery,
    Duration idle) {

  /** What holds where the configuration says nothing. */
  public static final Deadlines DEFAULT =
      new Deadlines(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofMinutes(10));
}
