package dev.pgmedic.api;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The cookie of whoever signed in: no script reads it, and no page of another site sends it. It
 * ends with the browser, and its session ends by itself.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265">RFC 6265</a>
 */
final class SessionCookie {

  /** As the contract has it. */
  static final String NAME = "pgmedic_session";

  private static final Pattern BETWEEN = Pattern.compile(";");

  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private SessionCookie() {}

  /**
   * What a request brings; empty where it brings none. Of several one may be somebody else's, set
   * by a page of a neighbouring name: together they are nobody's.
   */
  static Optional<String> of(HttpServerRequest request) {
    long brought =
        request.headers().getAll(HttpHeaders.COOKIE).stream()
            .flatMap(BETWEEN::splitAsStream)
            .filter(cookie -> cookie.strip().startsWith(NAME + "="))
            .count();
    // Vert.x keeps one of those that have the same name.
    return brought > 1
        ? Optional.of("")
        : Optional.ofNullable(request.getCookie(NAME)).map(Cookie::getValue);
  }

  /**
   * Whether a request with a cookie may be what somebody wanted who sat before the console. A
   * browser says from where a request that changes something comes; {@link HostCheck} has refused
   * other origins, and who says nothing is none.
   */
  static boolean isWanted(HttpServerRequest request) {
    if (READING.contains(request.method())) {
      return true;
    }
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null ? request.getHeader("Origin") != null : site.equals("same-origin");
  }

  /** The cookie of a new session. A proxy may end TLS before us, and the browser knows. */
  static Cookie made(String value, HttpServerRequest request) {
    String origin = String.valueOf(request.getHeader("Origin")).toLowerCase(Locale.ROOT);
    return Cookie.cookie(NAME, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(request.isSSL() || origin.startsWith("https:"));
  }

  /** The cookie of nobody, which takes the place of what there is. */
  static Cookie none(HttpServerRequest request) {
    return made("", request).setMaxAge(0);
  }
}
