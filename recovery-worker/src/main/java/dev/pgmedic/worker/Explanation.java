package dev.pgmedic.worker;

import io.vertx.pgclient.PgException;

/** Errors in words for people. */
final class Explanation {

  private Explanation() {}

  static String of(Throwable error) {
    if (error instanceof PgException refused) {
      return refused.getErrorMessage()
          + " (SQLSTATE "
          + refused.getSqlState()
          + ")"
          + (refused.getDetail() == null ? "" : ": " + refused.getDetail());
    }
    return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
  }
}
