package dev.pgmedic.api;

import io.vertx.openapi.contract.Operation;
import java.util.Locale;

/**
 * What an operation asks of whoever calls it, as the contract words it.
 *
 * @param level {@code x-pgmedic-role}
 * @param reach {@code x-pgmedic-targets}
 */
record Need(Level level, Reach reach) {

  /** Which role it takes; each may do what those before it may. */
  enum Level {
    PUBLIC,
    HEALTH,
    VIEWER,
    /** Any, by a token itself: neither nobody nor whoever signed in with one. */
    TOKEN,
    APPROVER,
    ADMIN;

    /** Whether it matters who is signed in. */
    boolean takesSessions() {
      return this != PUBLIC && this != TOKEN;
    }
  }

  /** What a token that is for some targets alone gets. */
  enum Reach {
    /** All there is: it tells of no target. */
    NONE,
    /** 403 where it is about another target. */
    ONE,
    /** What belongs to its own targets, and 403 where it names another. */
    OWN,
    /** 403: it is about all targets. */
    ALL
  }

  static Need of(Operation operation) {
    return new Need(
        Level.valueOf(word(operation, "x-pgmedic-role")),
        Reach.valueOf(word(operation, "x-pgmedic-targets")));
  }

  private static String word(Operation operation, String name) {
    return operation.getOpenAPIModel().getString(name).toUpperCase(Locale.ROOT);
  }
}
