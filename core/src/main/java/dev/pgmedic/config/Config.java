package dev.pgmedic.config;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a node is told.
 *
 * @param store where the store is
 * @param http where the API listens
 * @param auth who may what
 * @param targets the monitored databases by name, in the order of the file
 */
public record Config(Store store, Http http, Auth auth, Map<String, Target> targets) {

  /** Keeps the order of the targets. */
  public Config {
    targets = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(targets));
  }

  /**
   * Where the store is.
   *
   * @param url an external store; absent means an embedded one
   * @param directory where an embedded store and the admin's token are kept
   */
  public record Store(Optional<PostgresUrl> url, Path directory) {}

  /**
   * Where the API listens.
   *
   * @param host a name or an address
   * @param port 0 to 65535; 0 takes a free one
   * @param names further names that a request's Host may have
   */
  public record Http(String host, int port, Set<String> names) {

    /** Loopback, port 5000. */
    public static final Http DEFAULT = new Http("127.0.0.1", 5000, Set.of());

    /** Copies the names. */
    public Http {
      names = Set.copyOf(names);
    }

    /** Whether only this machine can reach it. */
    public boolean loopback() {
      return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1");
    }
  }

  /**
   * Who may what.
   *
   * @param anonymous what a request without a token may do; absent means viewer for loopback
   *     requests that no proxy forwarded, else nothing
   * @param tokens the bearer tokens
   */
  public record Auth(Optional<Anonymous> anonymous, List<Token> tokens) {

    /** Copies the tokens. */
    public Auth {
      tokens = List.copyOf(tokens);
    }
  }

  /** What a request without a token may do. */
  public enum Anonymous {
    VIEWER,
    HEALTH,
    NONE
  }

  /** What a token may do; each role may do all that those before it may. */
  public enum Role {
    VIEWER,
    APPROVER,
    ADMIN
  }

  /**
   * A bearer token.
   *
   * @param name who it is
   * @param role what it may do
   * @param secret the token itself; never logged
   */
  public record Token(String name, Role role, String secret) {
    @Override
    public String toString() {
      return "Token[" + name + ", " + role + "]";
    }
  }
}
