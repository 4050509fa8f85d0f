package dev.pgmedic.config;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.webhook.OpenAddresses;
import dev.pgmedic.webhook.Webhook;
import java.nio.file.Path;
import java.time.Instant;
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
 * @param webhooks where events are sent
 * @param targets the monitored databases by name, in the order of the file
 */
public record Config(
    Store store, Http http, Auth auth, Webhooks webhooks, Map<String, Target> targets) {

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
   * @param tls with which certificate; absent means that it speaks plain HTTP
   */
  public record Http(String host, int port, Set<String> names, Optional<Tls> tls) {

    /** Loopback, port 5000. */
    public static final Http DEFAULT = new Http("127.0.0.1", 5000, Set.of());

    /** Copies the names. */
    public Http {
      names = Set.copyOf(names);
    }

    /** Plain HTTP. */
    public Http(String host, int port, Set<String> names) {
      this(host, port, names, Optional.empty());
    }

    /** The same names and certificate at the address of another. */
    public Http at(Http other) {
      return new Http(other.host(), other.port(), names, tls);
    }

    /** The beginning of its URLs. */
    public String scheme() {
      return tls.isPresent() ? "https" : "http";
    }

    /** Whether only this machine can reach it. */
    public boolean loopback() {
      return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1");
    }
  }

  /**
   * How the API proves who it is.
   *
   * @param certificate a PEM file with the certificate, followed by those that it rests on
   * @param key a PEM file with its private key, unencrypted
   */
  public record Tls(Path certificate, Path key) {}

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

  /**
   * Where events are sent.
   *
   * @param open to which addresses
   * @param receivers to whom
   */
  public record Webhooks(OpenAddresses open, List<Webhook> receivers) {

    /** To nobody, until an admin adds somebody with a public address. */
    public static final Webhooks NONE = new Webhooks(new OpenAddresses(List.of()), List.of());

    /** Copies the receivers. */
    public Webhooks {
      receivers = List.copyOf(receivers);
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

  /** Where a token stands. */
  public enum Source {
    CONFIG("config token"),
    ADMIN_FILE("admin.token");

    private final String label;

    Source(String label) {
      this.label = label;
    }

    /** As the audit names it. */
    public String label() {
      return label;
    }
  }

  /**
   * A bearer token.
   *
   * @param name who it is
   * @param role what it may do
   * @param secret the token itself; never logged
   * @param source where it stands
   * @param kind what carries it
   * @param scope for which targets it is
   * @param expires until when it is good, by the node's clock; absent means for ever
   */
  public record Token(
      String name,
      Role role,
      String secret,
      Source source,
      TokenKind kind,
      Scope scope,
      Optional<Instant> expires) {

    /** A token for all targets and for ever. */
    public Token(String name, Role role, String secret, Source source) {
      this(name, role, secret, source, TokenKind.PERSON, Scope.ALL, Optional.empty());
    }

    /** A token that the configuration names, for all targets and for ever. */
    public Token(String name, Role role, String secret) {
      this(name, role, secret, Source.CONFIG);
    }

    @Override
    public String toString() {
      return "Token[" + name + ", " + role + "]";
    }
  }
}
