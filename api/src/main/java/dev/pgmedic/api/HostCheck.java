package dev.pgmedic.api;

import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses requests for another host or from another origin: a page in a browser must not reach a
 * loopback service.
 */
final class HostCheck implements Handler<RoutingContext> {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private final Set<String> names;

  HostCheck(Set<String> names) {
    this.names = names;
  }

  @Override
  public void handle(RoutingContext context) {
    HostAndPort host = context.request().authority();
    if (host == null || !isOurs(host.host())) {
      context.fail(Problem.forbidden("this Host is not served here; http.names adds names"));
      return;
    }
    String origin = context.request().getHeader("Origin");
    if (origin != null && !matches(origin, host)) {
      context.fail(Problem.forbidden("requests from this Origin are refused"));
      return;
    }
    context.next();
  }

  private boolean isOurs(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name) || names.contains(name);
  }

  private static boolean matches(String origin, HostAndPort host) {
    try {
      URI uri = URI.create(origin);
      int port = uri.getPort() == -1 ? ("https".equals(uri.getScheme()) ? 443 : 80) : uri.getPort();
      int ours = host.port() == -1 ? 80 : host.port();
      return host.host().equalsIgnoreCase(uri.getHost()) && port == ours;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
