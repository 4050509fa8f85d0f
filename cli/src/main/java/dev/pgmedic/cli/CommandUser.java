package dev.pgmedic.cli;

import dev.pgmedic.store.Actor;
import java.util.Optional;

/** Whoever runs a command that asks no server: the machine's user, as the audit keeps them. */
final class CommandUser {

  /** How we know who it is. */
  static final String AUTHENTICATED_BY = "command";

  private CommandUser() {}

  /** Their name on this machine. */
  static String name() {
    return System.getProperty("user.name");
  }

  /** Them, with no address and no request. */
  static Actor actor() {
    return new Actor(name(), Optional.empty(), AUTHENTICATED_BY, Optional.empty(), "", "");
  }
}
