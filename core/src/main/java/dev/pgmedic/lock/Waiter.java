package dev.pgmedic.lock;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody who wants a lock.
 *
 * @param session who
 * @param how in which way
 * @param since for how long it has waited in the server; absent for who asks again and again
 */
public record Waiter(Backend session, How how, Optional<Duration> since) {

  /** How somebody waits. */
  public enum How {
    /** In the server's queue. */
    QUEUED,
    /** It asked a moment ago, was refused, and is likely to ask again. */
    POLLS;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
