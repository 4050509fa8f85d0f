package dev.pgmedic.testing;

import dev.pgmedic.lock.Backend;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Sessions as a look would have seen them, for tests of what is made of a look. */
public final class SeenBackends {

  private SeenBackends() {}

  /** A session that waits for its client outside of any transaction. */
  public static Backend idle(int pid, Instant start, Duration quiet) {
    return of(pid, start, quiet, "idle", Optional.empty());
  }

  /** A session that has been in this state for so long, from this address. */
  public static Backend of(
      int pid, Instant start, Duration quiet, String state, Optional<String> client) {
    return new Backend(
        pid,
        Optional.of(start),
        Optional.empty(),
        Optional.empty(),
        Optional.of("client backend"),
        client,
        Optional.of(state),
        Optional.of(start),
        Optional.of(quiet),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        List.of(),
        false);
  }
}
