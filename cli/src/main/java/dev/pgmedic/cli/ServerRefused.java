package dev.pgmedic.cli;

/** The server did not do what it was asked for, as things are; the message is its own. */
final class ServerRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ServerRefused(String answer) {
    super("refused, nothing was done: " + answer);
  }
}
