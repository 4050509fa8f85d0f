package dev.pgmedic.lock;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A lock that a session stands in the queue for.
 *
 * @param kind what is locked, as {@code pg_locks} words it
 * @param mode the lock's mode as {@code pg_locks} words it
 * @param relation the qualified name of the relation that is locked, or whose row is
 * @param waited for how long; absent in the moment before the server writes it down
 * @param prepared the name of a prepared transaction that holds the same thing, quoted
 */
public record Wanted(
    String kind,
    String mode,
    Optional<String> relation,
    Optional<Duration> waited,
    Optional<String> prepared) {

  // Reading and writing rows takes weaker ones.
  private static final Set<String> OF_SCHEMA_CHANGES =
      Set.of(
          "ShareUpdateExclusiveLock",
          "ShareLock",
          "ShareRowExclusiveLock",
          "ExclusiveLock",
          "AccessExclusiveLock");

  /**
   * Whether only whoever changes a schema wants such a lock. What is built CONCURRENTLY waits for
   * other transactions to end, by their virtual number.
   */
  boolean isOfASchemaChange() {
    return kind.equals("virtualxid")
        || (kind.equals("relation") && OF_SCHEMA_CHANGES.contains(mode));
  }

  /** Whether it has been waited for so long. */
  boolean hasWaited(Duration pause) {
    return waited.filter(waiting -> waiting.compareTo(pause) >= 0).isPresent();
  }

  /** What is waited for, in words. */
  public String words() {
    return switch (kind) {
      case "virtualxid", "transactionid" -> "the end of another transaction";
      case "relation" -> mode + relation.map(name -> " on " + name).orElse("");
      default -> "a lock of kind " + kind + relation.map(name -> " in " + name).orElse("");
    };
  }
}
