package dev.pgmedic.api;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Makes gauges. */
final class Gauges {

  private Gauges() {}

  static GaugeSnapshot one(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(Labels.EMPTY, value))
        .build();
  }

  /** A gauge with a point for each of these. */
  static <T> GaugeSnapshot each(
      String name,
      String help,
      Collection<T> all,
      Function<T, Labels> labels,
      ToDoubleFunction<T> value) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    all.forEach(one -> gauge.dataPoint(point(labels.apply(one), value.applyAsDouble(one))));
    return gauge.build();
  }

  private static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
