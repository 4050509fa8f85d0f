package dev.pgmedic.delivery;

import dev.pgmedic.event.Event;
import dev.pgmedic.store.Deliveries.Claim;
import dev.pgmedic.webhook.OpenAddresses;
import dev.pgmedic.webhook.Retries.Outcome;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat.Content;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One attempt to send an event. The host is resolved once, and the connection goes to the very
 * address that was found open: a name that means another address a moment later leads nowhere else.
 */
final class WebhookCall {

  /** All of an attempt: resolving, connecting, sending and the answer. */
  static final Duration LIMIT = Duration.ofSeconds(15);

  private final HttpClient client;
  private final Resolver resolver;
  private final OpenAddresses open;

  WebhookCall(HttpClient client, Resolver resolver, OpenAddresses open) {
    this.client = client;
    this.resolver = resolver;
    this.open = open;
  }

  /** A host with no address that may be sent to. */
  private static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Closed(InetAddress address) {
      super(
          address.getHostAddress()
              + " is not a public address, and webhooks.allow in the configuration has no range"
              + " with it");
    }
  }

  /** Completes with what came of it; fails never. */
  Future<Outcome> send(Claim claim) {
    URI url = claim.webhook().url();
    String host = url.getHost().replaceAll("[\\[\\]]", "");
    return resolver
        .resolve(host)
        .map(this::firstOpen)
        .compose(address -> client.request(options(claim.webhook(), address)))
        .compose(request -> exchange(request, claim))
        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(WebhookCall::told);
  }

  private InetAddress firstOpen(List<InetAddress> addresses) {
    Optional<InetAddress> found = addresses.stream().filter(open::isOpen).findFirst();
    return found.orElseThrow(() -> new Closed(addresses.get(0)));
  }

  private static RequestOptions options(Webhook webhook, InetAddress address) {
    URI url = webhook.url();
    boolean tls = url.getScheme().equals("https");
    int port = url.getPort() < 0 ? (tls ? 443 : 80) : url.getPort();
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
        .setHost(url.getHost())
        .setPort(port)
        .setSsl(tls)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false);
  }

  private static Future<Outcome> exchange(HttpClientRequest request, Claim claim) {
    Event event = claim.event();
    Content content = claim.webhook().format().render(event);
    String id = event.cursor().toString();
    content.headers().forEach(request::putHeader);
    return request
        .putHeader("Content-Type", content.type())
        .putHeader("User-Agent", "pgmedic")
        .putHeader("webhook-id", id)
        .putHeader("webhook-timestamp", Long.toString(claim.now().getEpochSecond()))
        .putHeader(
            "webhook-signature", claim.webhook().secret().sign(id, claim.now(), content.body()))
        .send(content.body())
        .compose(WebhookCall::taken)
        .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .recover(late -> request.reset(0, late).transform(ended -> Future.failedFuture(late)));
  }

  // What it says is not looked at, but for its status; it is read so that it need not be cut off.
  private static Future<Outcome> taken(HttpClientResponse response) {
    return response.end().map(read -> Outcome.of(response.statusCode()));
  }

  private static Outcome told(Throwable error) {
    return switch (error) {
      case Closed closed -> new Outcome.Refused(String.valueOf(closed.getMessage()));
      case UnknownHostException unknown -> new Outcome.Failed("its host has no address");
      default -> new Outcome.Failed(error.getClass().getSimpleName() + ": " + error.getMessage());
    };
  }
}
