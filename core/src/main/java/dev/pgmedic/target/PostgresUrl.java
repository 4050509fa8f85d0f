package dev.pgmedic.target;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL database is and who connects to it. {@link #toString()} never shows the
 * password, so that a URL may stand in a log line or an error.
 *
 * @param host a name or an address; never blank
 * @param port 1 to 65535
 * @param database never blank
 * @param user never blank
 * @param password absent when the server asks for none, or when another source holds it
 * @param parameters what stood behind the {@code ?}, such as {@code sslmode} and {@code
 *     sslrootcert}
 * @see <a
 *     href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">Connection
 *     URIs</a>
 */
public record PostgresUrl(
    String host,
    int port,
    String database,
    String user,
    Optional<String> password,
    Map<String, String> parameters) {

  private static final Pattern SCHEME = Pattern.compile("(postgres|postgresql)(\\+[a-z0-9_]+)?");

  private static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /** Rejects what no server could be reached by. */
  public PostgresUrl {
    if (host.isBlank() || database.isBlank() || user.isBlank()) {
      throw new IllegalArgumentException("a PostgreSQL URL needs a host, a database and a user");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
    parameters = Map.copyOf(parameters);
    String mode = parameters.getOrDefault("sslmode", "disable");
    if (!SSL_MODES.contains(mode)) {
      throw new IllegalArgumentException(
          "sslmode: expected one of " + String.join(", ", SSL_MODES) + ", found \"" + mode + "\"");
    }
  }

  /**
   * Reads {@code postgres://}, {@code postgresql://} and SQLAlchemy's {@code postgresql+driver://}.
   *
   * @throws IllegalArgumentException with a message that says what was expected and never repeats
   *     the password
   */
  public static PostgresUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "not a URL: " + e.getReason() + " at character " + e.getIndex() + "; expected " + SHAPE);
    }
    if (uri.getScheme() == null || !SCHEME.matcher(uri.getScheme()).matches()) {
      throw new IllegalArgumentException("expected " + SHAPE);
    }
    String host = uri.getHost();
    String path = uri.getRawPath();
    if (host == null || path == null || path.length() < 2) {
      throw new IllegalArgumentException("expected " + SHAPE);
    }
    String[] userInfo =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    String user = userInfo.length > 0 && !userInfo[0].isEmpty() ? decode(userInfo[0]) : "postgres";
    Optional<String> password =
        userInfo.length > 1 ? Optional.of(decode(userInfo[1])) : Optional.empty();
    return new PostgresUrl(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() == -1 ? 5432 : uri.getPort(),
        decode(path.substring(1)),
        user,
        password,
        parameters(uri.getRawQuery()));
  }

  private static final String SHAPE = "postgresql://user[:password]@host[:port]/database";

  private static Map<String, String> parameters(@org.jspecify.annotations.Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query != null && !query.isEmpty()) {
      for (String pair : query.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        parameters.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
      }
    }
    return parameters;
  }

  /** The same URL with this password, or unchanged when it carries one already. */
  public PostgresUrl withPasswordIfAbsent(Optional<String> other) {
    return password.isPresent() ? this : withPassword(other);
  }

  /** The same URL with this password. */
  public PostgresUrl withPassword(Optional<String> other) {
    return new PostgresUrl(host, port, database, user, other, parameters);
  }

  /** The same URL with one more parameter. */
  public PostgresUrl withParameter(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value);
    return new PostgresUrl(host, port, database, user, password, more);
  }

  /** The same server and user with another database. */
  public PostgresUrl withDatabase(String other) {
    return new PostgresUrl(host, port, other, user, password, parameters);
  }

  /**
   * The whole URL, password and parameters included: for a command's environment, never for a log.
   */
  public String reveal() {
    return "postgresql://"
        + encode(user)
        + password.map(secret -> ":" + encode(secret)).orElse("")
        + location()
        + query();
  }

  /** A text without the password, however it is written in it. */
  public String masked(String text) {
    return password
        .filter(secret -> !secret.isEmpty())
        .map(secret -> text.replace(secret, "***").replace(encode(secret), "***"))
        .orElse(text);
  }

  @Override
  public String toString() {
    return "postgresql://" + encode(user) + (password.isPresent() ? ":***" : "") + location();
  }

  private String location() {
    String address = host.contains(":") ? "[" + host + "]" : host;
    return "@" + address + ":" + port + "/" + encode(database);
  }

  private String query() {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
