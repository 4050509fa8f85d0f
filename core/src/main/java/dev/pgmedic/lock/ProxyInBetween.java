package dev.pgmedic.lock;

/**
 * A connection pooler answers for the server: a session-level lock taken through it protects
 * nothing.
 */
public final class ProxyInBetween extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ProxyInBetween() {
    super(
        "a proxy stands between us and PostgreSQL; expected a direct connection, name it in"
            + " DIRECT_URL or in the target's recovery.url");
  }
}
