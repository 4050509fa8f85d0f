package dev.pgmedic.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often tokens that nobody knows came from where: an address that tried a hundred is heard once
 * a second. Of ten thousand addresses it knows those that failed last. Not thread-safe: it belongs
 * to one event loop.
 */
final class FailedLogins {

  /** How many failures are free, each of which is forgiven within the time of one. */
  static final int FREE = 100;

  private static final long EACH = Duration.ofSeconds(1).toNanos();
  private static final int ADDRESSES = 10_000;

  private final LongSupplier nanos;

  // For each address the moment at which all its failures are forgiven.
  private final Map<String, Long> forgiven =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > ADDRESSES;
        }
      };

  /** Counts by a clock that is never set. */
  FailedLogins(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How long an address must wait before a token of it is looked at; empty when not at all. */
  Optional<Duration> wait(String address) {
    return Optional.ofNullable(forgiven.get(address))
        .map(moment -> Duration.ofNanos(moment - nanos.getAsLong() - (FREE - 1) * EACH))
        .filter(Duration::isPositive);
  }

  /** Counts a token that nobody knows; an address that waits already waits no longer for it. */
  void failed(String address) {
    long now = nanos.getAsLong();
    long left = Math.max(0, forgiven.getOrDefault(address, now) - now);
    forgiven.put(address, now + Math.min(left + EACH, FREE * EACH));
  }

  /** Takes back what was counted before the token was known to be good. */
  void forgive(String address) {
    long now = nanos.getAsLong();
    forgiven.computeIfPresent(
        address, (same, moment) -> moment - EACH - now > 0 ? moment - EACH : null);
  }

  /** How many addresses are known. */
  int size() {
    return forgiven.size();
  }
}
