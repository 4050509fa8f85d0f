package dev.pgmedic.worker;

/** The target is not as the plan expects, and nothing was done to it. */
final class Superseded extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Superseded(String message) {
    super(message);
  }
}
