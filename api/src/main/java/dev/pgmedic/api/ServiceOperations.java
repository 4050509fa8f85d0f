package dev.pgmedic.api;

import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What runs pgmedic asks of it: probes, metrics, the contract. */
final class ServiceOperations {

  private static final long READY_LIMIT_MILLIS = 2_000;

  private final Store store;
  private final Metrics metrics;

  ServiceOperations(Store store, Map<String, Target> targets, EventStreams streams) {
    this.store = store;
    this.metrics = new Metrics(store, targets, streams);
  }

  void addTo(Operations operations) {
    operations
        .raw("getLiveness", context -> text(context, "ok\n"))
        .raw("getReadiness", this::ready)
        .raw("getContract", this::contract)
        .raw("getMetrics", this::metrics);
  }

  private void ready(RoutingContext context) {
    store
        .ping()
        .timeout(READY_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
        .onSuccess(answered -> text(context, "ready\n"))
        .onFailure(
            error -> context.fail(Problem.unavailable("the store does not answer within 2 s")));
  }

  private void contract(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml");
    end(context, Buffer.buffer(Contract.YAML));
  }

  private void metrics(RoutingContext context) {
    metrics
        .read()
        .map(ServiceOperations::exposition)
        .onSuccess(page -> {
          context
              .response()
              .putHeader(HttpHeaders.CONTENT_TYPE, PrometheusTextFormatWriter.CONTENT_TYPE);
          end(context, page);
        })
        .onFailure(context::fail);
  }

  private static Buffer exposition(MetricSnapshots snapshots) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, snapshots);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }

  private static void text(RoutingContext context, String text) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
    end(context, Buffer.buffer(text));
  }

  private static void end(RoutingContext context, Buffer body) {
    context.response().end(body).onFailure(context::fail);
  }
}
