package dev.pgmedic.cli;

import java.net.URI;

/** The server did not answer, or could not; the message says which one and what helps. */
final class ServerUnreachable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ServerUnreachable(URI server, Throwable cause) {
    super(
        "no answer from "
            + server
            + " ("
            + cause
            + "); --server names another, and pgmedic up starts one",
        cause);
  }

  ServerUnreachable(URI server, String answer) {
    super(server + " cannot answer now: " + answer);
  }
}
