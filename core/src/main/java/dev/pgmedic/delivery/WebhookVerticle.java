package dev.pgmedic.delivery;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.store.Deliveries;
import dev.pgmedic.store.Deliveries.Claim;
import dev.pgmedic.store.Outage;
import dev.pgmedic.store.Store;
import dev.pgmedic.webhook.OpenAddresses;
import dev.pgmedic.webhook.Retries.Outcome;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what webhooks are to get, as soon as it is committed. Any number of nodes may run one on
 * the same store; what one did not finish another sends, perhaps twice, with the same {@code
 * webhook-id}.
 */
public final class WebhookVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookVerticle.class);

  /** Deliveries that failed come due without an event. */
  private static final long POLL_MILLIS = 1_000;

  /** One for each of as many webhooks: those that hang hold nobody else up for long. */
  private static final int MOST_AT_ONCE = 8;

  private static final Duration LEASE = WebhookCall.LIMIT.multipliedBy(2);

  private final Deliveries deliveries;
  private final OpenAddresses open;
  private final HttpClientOptions options;
  private final Optional<Resolver> resolver;
  private final Outage outage =
      new Outage(
          LOG, "no webhook is sent to until it does; none is lost, it is asked every second");
  private Optional<WebhookCall> call = Optional.empty();
  private int sending;
  private boolean claiming;
  private boolean again;
  private boolean stopped;

  /**
   * Sends what this store has.
   *
   * @param open where it may be sent to
   */
  public WebhookVerticle(Store store, OpenAddresses open) {
    this(store, open, new HttpClientOptions(), Optional.empty());
  }

  /** Sends with other options, and finds addresses elsewhere than the machine does. */
  WebhookVerticle(
      Store store, OpenAddresses open, HttpClientOptions options, Optional<Resolver> resolver) {
    this.deliveries = new Deliveries(store);
    this.open = open;
    this.options = options;
    this.resolver = resolver;
  }

  @Override
  public Future<?> start() {
    options.setConnectTimeout((int) WebhookCall.LIMIT.toMillis() / 2);
    call =
        Optional.of(
            new WebhookCall(
                vertx.createHttpClient(options),
                resolver.orElseGet(() -> Resolver.ofTheMachine(vertx)),
                open));
    vertx.setPeriodic(0, POLL_MILLIS, tick -> look());
    return vertx.eventBus().<JsonObject>consumer(Addresses.EVENTS, event -> look()).completion();
  }

  private void look() {
    if (claiming || stopped || sending >= MOST_AT_ONCE) {
      again = true;
      return;
    }
    claiming = true;
    again = false;
    deliveries
        .claim(LEASE)
        .onComplete(claimed -> {
          claiming = false;
          if (stopped) {
            return; // a claim that was made on the way ends with its lease
          }
          if (claimed.failed()) {
            outage.goesOn(claimed.cause());
            return;
          }
          outage.over();
          claimed.result().ifPresent(this::send);
          if (again || claimed.result().isPresent()) {
            look();
          }
        });
  }

  private void send(Claim claim) {
    sending++;
    call.orElseThrow()
        .send(claim)
        .onSuccess(outcome -> tell(claim, outcome))
        .compose(outcome -> deliveries.record(claim, outcome))
        .onComplete(done -> {
          sending--;
          look();
        });
  }

  private static void tell(Claim claim, Outcome outcome) {
    if (!(outcome instanceof Outcome.Delivered) && claim.failures() == 0) {
      LOG.atWarn()
          .addKeyValue("webhook", claim.webhook().name())
          .addKeyValue("outcome", outcome)
          .log("A webhook did not take an event; it is tried again, and those behind it wait");
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }
}
