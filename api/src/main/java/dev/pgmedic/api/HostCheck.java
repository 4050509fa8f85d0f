package dev.pgmedic.api;

import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses requests for another host or from another origin: a page in a browser must not reach a
 * loopback service.
 */
final class HostCheck implements Handler<RoutingContext> {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

  private final Set<String> names;

  HostCheck(Set<String> names) {
    this.names =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  @Override
  public void handle(RoutingContext context) {
    HostAndPort host = context.request().authority();
    if (host == null || !isOurs(host.host())) {
      context.fail(Problem.forbidden("Host: expected a loopback name or one of http.names"));
      return;
    }
    String origin = context.request().getHeader("Origin");
    if (origin != null && !matches(origin, host)) {
      context.fail(Problem.forbidden("Origin: expected this service's own, or none"));
      return;
    }
    context.next();
  }

  private boolean isOurs(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name) || names.contains(name);
  }

  // The port that is left out is the scheme's own, which a proxy that ends TLS does not change.
  private static boolean matches(String origin, HostAndPort host) {
    try {
      URI uri = URI.create(origin);
      Integer usual = PORTS.get(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
      return usual != null
          && host.host().equalsIgnoreCase(uri.getHost())
          && (uri.getPort() == -1 ? usual : uri.getPort())
              == (host.port() == -1 ? usual : host.port());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
