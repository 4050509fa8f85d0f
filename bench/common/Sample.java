import java.util.List;

/**
 * What was measured of one thing.
 *
 * @param values in whatever unit, at least one
 */
record Sample(List<Double> values) {

  /** Sorts them. */
  Sample {
    values = values.stream().sorted().toList();
  }

  /** By the nearest rank; 1 is the largest. */
  double quantile(double part) {
    return values.get((int) Math.ceil(part * values.size()) - 1);
  }

  double median() {
    return quantile(0.5);
  }

  /** How many, the median and the 95th percentile, as cells of a table. */
  String cells() {
    return "%d | %.0f | %.0f".formatted(values.size(), median(), quantile(0.95));
  }
}
