package dev.pgmedic.worker;

/** A step did not do what it promises; the message is for people. */
final class StepFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StepFailed(String message) {
    super(message);
  }
}
