package dev.pgmedic.worker;

/** The target or a file is not as the plan expects. */
final class Superseded extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Superseded(String message) {
    super(message);
  }
}
