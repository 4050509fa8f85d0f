package dev.pgmedic.replay;

/** A replay that did not come to its end; the message says at what, for people. */
public final class ReplayFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ReplayFailed(String reason) {
    super(reason);
  }

  ReplayFailed(String reason, Throwable cause) {
    super(reason, cause);
  }
}
