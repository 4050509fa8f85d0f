package dev.pgmedic.check;

import dev.pgmedic.history.Histories;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.lock.LockPlaces;
import dev.pgmedic.plan.TargetIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a check leaves for the next one of the same target. It is small whatever the target's size:
 * thousands of targets are remembered at once.
 *
 * @param identity which database it was
 * @param direct whether the server itself answered, and no pooler in its place
 * @param changes what the change counters of its catalogs stood at before the hash was made
 * @param stamp the hash of its schema
 * @param unhashed how many checks in a row have believed the counters since
 * @param counted when the rows of its tables were estimated
 * @param judged whether the schema was held against known-good, and not only read
 * @param version the migration version that it was held against
 * @param told what was found that a glance finds too and that a plan may heal
 * @param leftBehind what versions that broke off left in the schema, by what tells of them; a few
 *     names
 * @param builds the indexes that were not judged, because they were being built
 * @param places where locks and histories are looked for, which holds as long as the hash does
 */
public record LastLook(
    TargetIdentity identity,
    boolean direct,
    OptionalLong changes,
    String stamp,
    int unhashed,
    Instant counted,
    boolean judged,
    Optional<String> version,
    Set<String> told,
    Map<Finding.Key, List<String>> leftBehind,
    IndexBuilds builds,
    Places places) {

  // A counter may be reset, come late or leave something out, so it is not believed for ever.
  private static final int BELIEVED = 9;

  // Each time the estimates are written, too.
  private static final Duration COUNTED = Duration.ofMinutes(10);

  /** Copies the findings. */
  public LastLook {
    told = Set.copyOf(told);
    leftBehind = Map.copyOf(leftBehind);
  }

  /**
   * Where locks and histories are looked for.
   *
   * @param locks the tables and keys of migration tools
   * @param histories the tables that hold what was migrated
   */
  public record Places(LockPlaces locks, Histories histories) {}

  /** The same, whose counters are not believed: the next look compares the hash. */
  public LastLook doubted() {
    return hashed(OptionalLong.empty());
  }

  boolean isOf(TargetIdentity database) {
    return identity.equals(database);
  }

  /** Whether the counters alone say that nothing changed. */
  boolean believes(OptionalLong now) {
    return now.isPresent() && now.equals(changes) && unhashed < BELIEVED;
  }

  LastLook believed() {
    return new LastLook(
        identity,
        direct,
        changes,
        stamp,
        unhashed + 1,
        counted,
        judged,
        version,
        told,
        leftBehind,
        builds,
        places);
  }

  LastLook hashed(OptionalLong now) {
    return new LastLook(
        identity,
        direct,
        now,
        stamp,
        0,
        counted,
        judged,
        version,
        told,
        leftBehind,
        builds,
        places);
  }

  boolean isToCount(Instant now) {
    return Duration.between(counted, now).compareTo(COUNTED) >= 0;
  }

  LastLook counted(Instant now) {
    return new LastLook(
        identity,
        direct,
        changes,
        stamp,
        unhashed,
        now,
        judged,
        version,
        told,
        leftBehind,
        builds,
        places);
  }

  LastLook of(Map<Finding.Key, List<String>> left) {
    return new LastLook(
        identity, direct, changes, stamp, unhashed, counted, judged, version, told, left, builds,
        places);
  }
}
