package dev.pgmedic.lock;

import dev.pgmedic.postgres.BackendSession;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * For how long each session has been seen to want a migration tool's lock. The server knows it of
 * those in its queue; who asks again and again is remembered from one look to the next.
 *
 * @param at when the look was, by the server's clock
 * @param since since when each of those who are waiting was seen to
 */
record Patience(Instant at, Map<Wish, Instant> since) {

  /** Nobody has waited yet. */
  static final Patience NONE = new Patience(Instant.EPOCH, Map.of());

  /**
   * Somebody's wish.
   *
   * @param tool whose lock is wanted
   * @param key which lock
   * @param session who wants it
   */
  record Wish(String tool, String key, BackendSession session) {}

  Patience {
    since = Map.copyOf(since);
  }

  /** What is remembered after another look. */
  Patience after(LockLook look, LockRows rows) {
    Map<Wish, Instant> still = new HashMap<>();
    look.held().stream()
        .filter(lock -> !lock.tool().equals(SeenLock.APPLICATION))
        .forEach(lock -> add(still, lock, look.at()));
    rows.held().forEach(row -> add(still, row, look.at()));
    return new Patience(look.at(), still);
  }

  private void add(Map<Wish, Instant> still, SeenLock lock, Instant now) {
    for (Waiter waiter : lock.waiting()) {
      wish(lock, waiter).ifPresent(wish -> still.put(wish, since.getOrDefault(wish, now)));
    }
  }

  private static Optional<Wish> wish(SeenLock lock, Waiter waiter) {
    return waiter.session().identity().map(id -> new Wish(lock.tool(), lock.key(), id));
  }

  /** The longest that anybody who wants this lock now is known to have waited for it. */
  Duration of(SeenLock lock) {
    Duration longest = Duration.ZERO;
    for (Waiter waiter : lock.waiting()) {
      Duration seen =
          wish(lock, waiter)
              .map(wish -> Duration.between(since.getOrDefault(wish, at), at))
              .orElse(Duration.ZERO);
      Duration queued = waiter.since().orElse(Duration.ZERO);
      Duration waited = queued.compareTo(seen) > 0 ? queued : seen;
      longest = waited.compareTo(longest) > 0 ? waited : longest;
    }
    return longest;
  }
}
