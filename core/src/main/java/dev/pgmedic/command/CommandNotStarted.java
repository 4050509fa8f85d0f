package dev.pgmedic.command;

import java.util.Optional;

/** A command that is not there, or that may not be executed; nothing of it ran. */
public final class CommandNotStarted extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandNotStarted(String command, String expected, Optional<Throwable> cause) {
    super("cannot run \"" + command + "\": " + expected, cause.orElse(null));
  }
}
