package dev.pgmedic.acceptance;

/** What was to be accepted cannot be; nothing changed. */
public final class NotAcceptable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotAcceptable(String reason) {
    super(reason);
  }
}
