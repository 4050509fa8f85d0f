package dev.pgmedic.api;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.target.Target;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the last checks found, as metrics. */
final class TargetMetrics {

  private final List<HealthReport> reports;
  private final Map<String, Target> targets;
  private final Instant now;

  TargetMetrics(List<HealthReport> reports, Map<String, Target> targets, Instant now) {
    this.reports = reports;
    this.targets = targets;
    this.now = now;
  }

  Stream<GaugeSnapshot> all() {
    List<HealthReport> checked =
        reports.stream().filter(report -> report.checkedAt().isPresent()).toList();
    return Stream.of(
        gauge("healthy", "Whether a target is healthy", reports, r -> r.healthy() ? 1 : 0),
        Gauges.each(
            "pgmedic_check_age_seconds",
            "Time since the last check began",
            checked,
            TargetMetrics::labels,
            this::age),
        Gauges.each(
            "pgmedic_check_duration_seconds",
            "How long the last check took",
            checked,
            TargetMetrics::labels,
            r -> r.durationMs() / 1000.0),
        Gauges.each(
            "pgmedic_check_lateness_seconds",
            "How long the next check is overdue",
            checked,
            TargetMetrics::labels,
            this::lateness),
        Gauges.each(
            "pgmedic_advisory_locks",
            "Advisory locks held",
            checked,
            TargetMetrics::labels,
            HealthReport::advisoryLocksCount),
        gauge(
            "migration_at_work",
            "Whether somebody holds the migration lock or migrates",
            checked,
            r -> r.migrationAtWork().isPresent() ? 1 : 0),
        issues());
  }

  private static GaugeSnapshot gauge(
      String name, String help, List<HealthReport> of, ToDoubleFunction<HealthReport> value) {
    return Gauges.each("pgmedic_target_" + name, help, of, TargetMetrics::labels, value);
  }

  private static Labels labels(HealthReport report) {
    return Labels.of("target", report.target());
  }

  private double age(HealthReport report) {
    return Duration.between(report.checkedAt().orElse(now), now).toMillis() / 1000.0;
  }

  private double lateness(HealthReport report) {
    Target target = targets.get(report.target());
    return target == null ? 0 : Math.max(0, age(report) - target.checkEvery().toMillis() / 1000.0);
  }

  private GaugeSnapshot issues() {
    Map<Labels, Integer> counts = new TreeMap<>();
    for (HealthReport report : reports) {
      for (HealthReport.Detail issue : report.issueDetails()) {
        Labels labels = Labels.of("code", issue.code().toString(), "target", report.target());
        counts.merge(labels, 1, Integer::sum);
      }
    }
    return Gauges.each(
        "pgmedic_open_issues",
        "Open issues by code",
        counts.entrySet(),
        Map.Entry::getKey,
        Map.Entry::getValue);
  }
}
