package dev.pgmedic.command;

import java.lang.ProcessBuilder.Redirect;

/**
 * Where a command reads from and writes to.
 *
 * @param in its standard input
 * @param out its standard output
 * @param err its standard error
 */
public record Streams(Redirect in, Redirect out, Redirect err) {

  /** Ours: what it says passes through unseen and unchanged. */
  public static final Streams INHERITED =
      new Streams(Redirect.INHERIT, Redirect.INHERIT, Redirect.INHERIT);
}
