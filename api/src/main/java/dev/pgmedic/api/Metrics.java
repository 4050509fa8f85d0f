package dev.pgmedic.api;

import dev.pgmedic.event.EventFilter;
import dev.pgmedic.store.ApproveToStart;
import dev.pgmedic.store.EventLog.Reading;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.store.Webhooks;
import dev.pgmedic.store.Webhooks.Known;
import dev.pgmedic.target.Target;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The store's state as metrics, read when they are asked for: every node tells the same, but for
 * what is said to be the node's own.
 */
final class Metrics {

  /** Well within the time that a scraper waits. */
  private static final long LIMIT_MILLIS = 5_000;

  // A state that no task is in is a zero, not a gap: an alert on it needs both.
  private static final List<String> STATES =
      List.of(
          "awaiting_approval",
          "approved",
          "running",
          "succeeded",
          "failed",
          "rejected",
          "expired",
          "superseded",
          "cancelled");

  private final Store store;
  private final Map<String, Target> targets;
  private final EventStreams streams;

  Metrics(Store store, Map<String, Target> targets, EventStreams streams) {
    this.store = store;
    this.targets = targets;
    this.streams = streams;
  }

  /** Completes with the metrics, also when the store is down: then with those of the node alone. */
  Future<MetricSnapshots> read() {
    long start = System.nanoTime();
    List<Future<List<MetricSnapshot>>> parts =
        List.of(health(), tasks(), events(), webhooks(), store(start));
    return Future.all(parts)
        .timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
        .map(done -> snapshots(1, parts.stream().flatMap(part -> part.result().stream())))
        .recover(down -> Future.succeededFuture(snapshots(0, Stream.of())));
  }

  private MetricSnapshots snapshots(int up, Stream<MetricSnapshot> ofTheStore) {
    Store.Connections connections = store.connections();
    return new MetricSnapshots(
        Stream.concat(
                Stream.of(
                    Gauges.one("pgmedic_store_up", "Whether the store answers", up),
                    Gauges.one(
                        "pgmedic_store_connections",
                        "Connections of this node to the store",
                        connections.open()),
                    Gauges.one(
                        "pgmedic_store_connections_limit",
                        "How many connections this node may have to the store",
                        connections.most()),
                    Gauges.one(
                        "pgmedic_event_streams",
                        "Readers of this node's event stream",
                        streams.readers())),
                ofTheStore)
            .toList());
  }

  private Future<List<MetricSnapshot>> health() {
    return new Reports(store)
        .read(targets.keySet())
        .map(reports ->
            new TargetMetrics(reports, targets, Instant.now())
                .all()
                .map(MetricSnapshot.class::cast)
                .toList());
  }

  private Future<List<MetricSnapshot>> tasks() {
    return new Tasks(store)
        .countByState()
        .compose(counted ->
            ApproveToStart.read(store)
                .map(waits -> {
                  Map<String, Long> states = new TreeMap<>(counted);
                  STATES.forEach(state -> states.putIfAbsent(state, 0L));
                  return List.of(
                      Gauges.each(
                          "pgmedic_recovery_tasks",
                          "Recovery tasks by state",
                          states.entrySet(),
                          state -> Labels.of("state", state.getKey()),
                          Map.Entry::getValue),
                      approveToStart(waits));
                }));
  }

  private static HistogramSnapshot approveToStart(ApproveToStart.Waits waits) {
    List<Double> bounds =
        Stream.concat(ApproveToStart.BOUNDS.stream(), Stream.of(Double.POSITIVE_INFINITY)).toList();
    return HistogramSnapshot.builder()
        .name("pgmedic_approve_to_start_seconds")
        .help("Time from the approval of a task to its start")
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, waits.tasks()))
                .sum(waits.seconds())
                .build())
        .build();
  }

  private Future<List<MetricSnapshot>> events() {
    return streams
        .position()
        .map(sent -> store.events().read(sent, EventFilter.ALL, 1).map(Metrics::lag))
        .orElseGet(() -> Future.succeededFuture(0.0))
        .compose(lag ->
            store
                .events()
                .bounds()
                .map(bounds ->
                    List.of(
                        Gauges.one(
                            "pgmedic_event_lag_seconds",
                            "Age of the oldest event that this node's streams have yet to send",
                            lag),
                        Gauges.one(
                            "pgmedic_event_sequence",
                            "Number of the last committed event",
                            (double) bounds.newest().sequence()))));
  }

  private static double lag(Reading read) {
    return read.events().stream()
        .findFirst()
        .map(event -> Math.max(0, seconds(event.at(), Instant.now())))
        .orElse(0.0);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private Future<List<MetricSnapshot>> webhooks() {
    return new Webhooks(store)
        .list()
        .map(all ->
            List.of(
                Gauges.each(
                    "pgmedic_webhook_pending",
                    "Deliveries that wait, by webhook",
                    all,
                    Metrics::labels,
                    Known::pending),
                Gauges.each(
                    "pgmedic_webhook_dead",
                    "Deliveries that were given up, by webhook",
                    all,
                    Metrics::labels,
                    Known::dead),
                Gauges.each(
                    "pgmedic_webhook_lag_seconds",
                    "How long the oldest delivery waits, by webhook",
                    all,
                    Metrics::labels,
                    known ->
                        known
                            .behindSince()
                            .map(since -> seconds(since, known.now()))
                            .orElse(0.0))));
  }

  private static Labels labels(Known known) {
    return Labels.of("webhook", known.webhook().name());
  }

  private Future<List<MetricSnapshot>> store(long start) {
    return store
        .ping()
        .map(answered ->
            List.of(
                Gauges.one(
                    "pgmedic_store_response_seconds",
                    "How long the store took for the simplest question",
                    (System.nanoTime() - start) / 1e9)));
  }
}
