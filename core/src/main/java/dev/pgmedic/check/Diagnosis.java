package dev.pgmedic.check;

import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.issue.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a check found.
 *
 * @param target the target's name
 * @param checkedAt when the check began
 * @param duration how long it took
 * @param seen what it saw; absent when the target was not to be reached
 * @param knownGood what it was held against; absent when there is nothing yet
 * @param findings the faults; one fault is one finding
 * @param withheld what may be a fault and may be a migration's half-way: nobody knows yet
 */
public record Diagnosis(
    String target,
    Instant checkedAt,
    Duration duration,
    Optional<Seen> seen,
    Optional<KnownGood> knownGood,
    List<Finding> findings,
    Set<Finding.Key> withheld) {

  /** Copies the findings. */
  public Diagnosis {
    findings = List.copyOf(findings);
    withheld = Set.copyOf(withheld);
  }

  /** The same without these findings too, which says nothing of whether they are there. */
  public Diagnosis withholding(Set<Finding.Key> keys) {
    Set<Finding.Key> all = new HashSet<>(withheld);
    all.addAll(keys);
    return new Diagnosis(
        target,
        checkedAt,
        duration,
        seen,
        knownGood,
        findings.stream().filter(finding -> !keys.contains(finding.key())).toList(),
        all);
  }

  /** The same with other words for its findings. */
  Diagnosis with(List<Finding> others) {
    return new Diagnosis(target, checkedAt, duration, seen, knownGood, others, withheld);
  }

  /** The same with what rests on the objects that drifted. */
  Diagnosis surrounded(List<Dependence> dependences) {
    return new Diagnosis(
        target,
        checkedAt,
        duration,
        observation().<Seen>map(seen -> seen.with(dependences)).or(() -> seen),
        knownGood,
        findings,
        withheld);
  }

  /** What every look sees; absent when the target was not to be reached. */
  public Optional<Glance> glance() {
    return seen.map(Seen::glance);
  }

  /** What it saw, when it read the schema too. */
  public Optional<Observation> observation() {
    return seen.filter(Observation.class::isInstance).map(Observation.class::cast);
  }

  /** Whether it is a glance that found no fault, no change of the schema, and counted nothing. */
  public boolean isQuiet() {
    return findings.isEmpty()
        && observation().isEmpty()
        && glance().filter(seen -> seen.rows().isEmpty()).flatMap(Glance::stamp).isPresent();
  }

  /**
   * Whether the absence of a finding means that the fault is gone. It does not when the target was
   * not to be seen, or when its schema was not judged: because a migration is at work, or because
   * nothing in it changed since it was.
   */
  public boolean conclusive(Finding.Key key) {
    return !withheld.contains(key) && isConclusive(key);
  }

  private boolean isConclusive(Finding.Key key) {
    return switch (key.code()) {
      case CONNECTION_UNREACHABLE, CONNECTION_SLOW -> true;
      case LOCK_ORPHANED,
          LOCK_CONTENDED,
          LOCK_APPLICATION,
          SESSION_BLOCKING,
          SESSION_IDLE_IN_TRANSACTION ->
          seen.isPresent();
      case LOCK_ROW_STALE -> glance().filter(seen -> seen.sight().unread().isEmpty()).isPresent();
      case DATA_LOST -> false;
      case MIGRATION_FAILED -> isSettled() && isReadable();
      // It is told of objects too, and those only a look at the schema sees.
      case MIGRATION_PARTIAL ->
          isSettled() && isReadable() && areFilesReadable() && observation().isPresent();
      case MIGRATION_PENDING,
          MIGRATION_CHECKSUM,
          MIGRATION_UNKNOWN_VERSION,
          MIGRATION_MULTIPLE_HEADS ->
          isSettled() && isReadable() && areFilesReadable();
      case MIGRATION_HISTORY_MISSING -> isSettled();
      default -> isSettled() && observation().isPresent();
    };
  }

  /**
   * Whether the fault is still there although nobody looked for it: the schema is the one in which
   * it was found.
   */
  public boolean confirms(Finding.Key key) {
    return !conclusive(key)
        && isSettled()
        && observation().isEmpty()
        && glance().flatMap(Glance::stamp).isPresent();
  }

  private boolean isSettled() {
    return glance().isPresent() && !glance().get().migrationAtWork();
  }

  private boolean isReadable() {
    return glance().map(seen -> seen.history().unreadable().isEmpty()).orElse(false);
  }

  private boolean areFilesReadable() {
    return glance().map(seen -> seen.history().unreadableFiles().isEmpty()).orElse(false);
  }
}
