package dev.pgmedic.quarantine;

/** A quarantine that is not emptied, and why; nothing of it is gone. */
public final class QuarantineRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QuarantineRefused(String why) {
    super(why);
  }
}
