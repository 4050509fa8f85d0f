package dev.pgmedic.api;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The store's state as metrics, read when they are asked for: every node tells the same. */
final class Metrics {

  /** Well within the time that a scraper waits. */
  private static final long LIMIT_MILLIS = 5_000;

  private final Reports reports;
  private final Tasks tasks;
  private final Store store;
  private final Collection<String> targets;

  Metrics(Store store, Collection<String> targets) {
    this.reports = new Reports(store);
    this.tasks = new Tasks(store);
    this.store = store;
    this.targets = targets;
  }

  /** Completes with the metrics, also when the store is down: then with that alone. */
  Future<MetricSnapshots> read() {
    return reports
        .read(targets)
        .compose(read ->
            tasks
                .countByState()
                .compose(states ->
                    store
                        .events()
                        .bounds()
                        .map(bounds -> snapshots(read, states, bounds.newest().sequence()))))
        .timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS)
        .recover(down -> Future.succeededFuture(new MetricSnapshots(up(0))));
  }

  private static MetricSnapshots snapshots(
      List<HealthReport> reports, Map<String, Long> states, long sequence) {
    Instant now = Instant.now();
    return new MetricSnapshots(
        up(1),
        perTarget(
            "pgmedic_target_healthy",
            "Whether a target is healthy",
            reports,
            r -> r.healthy() ? 1 : 0),
        perTarget(
            "pgmedic_check_age_seconds",
            "Time since the last check began",
            reports.stream().filter(report -> report.checkedAt().isPresent()).toList(),
            r -> Duration.between(r.checkedAt().orElse(now), now).toMillis() / 1000.0),
        perTarget(
            "pgmedic_check_duration_seconds",
            "How long the last check took",
            reports,
            r -> r.durationMs() / 1000.0),
        perTarget(
            "pgmedic_advisory_locks",
            "Advisory locks held",
            reports,
            HealthReport::advisoryLocksCount),
        issues(reports),
        gauge(
            "pgmedic_recovery_tasks",
            "Recovery tasks by state",
            states.entrySet().stream()
                .map(s -> point(Labels.of("state", s.getKey()), s.getValue().doubleValue()))
                .toList()),
        gauge(
            "pgmedic_event_sequence",
            "Number of the last committed event",
            List.of(point(Labels.EMPTY, (double) sequence))));
  }

  private static GaugeSnapshot up(int value) {
    return gauge(
        "pgmedic_store_up", "Whether the store answers", List.of(point(Labels.EMPTY, value)));
  }

  private static GaugeSnapshot issues(List<HealthReport> reports) {
    Map<Labels, Integer> counts = new TreeMap<>();
    for (HealthReport report : reports) {
      for (HealthReport.Detail issue : report.issueDetails()) {
        Labels labels = Labels.of("code", issue.code().toString(), "target", report.target());
        counts.merge(labels, 1, Integer::sum);
      }
    }
    return gauge(
        "pgmedic_open_issues",
        "Open issues by code",
        counts.entrySet().stream().map(c -> point(c.getKey(), c.getValue())).toList());
  }

  private static GaugeSnapshot perTarget(
      String name, String help, List<HealthReport> reports, ToDoubleFunction<HealthReport> value) {
    return gauge(
        name,
        help,
        reports.stream()
            .map(r -> point(Labels.of("target", r.target()), value.applyAsDouble(r)))
            .toList());
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<GaugeDataPointSnapshot> points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    points.forEach(gauge::dataPoint);
    return gauge.build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
