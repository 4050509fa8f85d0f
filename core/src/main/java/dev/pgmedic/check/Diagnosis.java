package dev.pgmedic.check;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.issue.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a check found.
 *
 * @param target the target's name
 * @param checkedAt when the check began
 * @param duration how long it took
 * @param observation what it saw; absent when the target was not to be reached
 * @param knownGood what it was held against; absent when there is nothing yet
 * @param findings the faults; one fault is one finding
 */
public record Diagnosis(
    String target,
    Instant checkedAt,
    Duration duration,
    Optional<Observation> observation,
    Optional<KnownGood> knownGood,
    List<Finding> findings) {

  /** Copies the findings. */
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /**
   * Whether the absence of a finding means that the fault is gone. It does not when the target was
   * not to be seen, or when its catalog was not judged because a migration is at work.
   */
  public boolean conclusive(Finding.Key key) {
    return switch (key.code()) {
      case CONNECTION_UNREACHABLE, CONNECTION_SLOW -> true;
      case LOCK_ORPHANED, LOCK_APPLICATION -> observation.isPresent();
      case DATA_LOST -> false;
      case MIGRATION_FAILED -> isJudged() && isReadable();
      case MIGRATION_PARTIAL,
          MIGRATION_PENDING,
          MIGRATION_CHECKSUM,
          MIGRATION_UNKNOWN_VERSION,
          MIGRATION_MULTIPLE_HEADS ->
          isJudged() && isReadable() && areFilesReadable();
      default -> isJudged();
    };
  }

  private boolean isJudged() {
    return observation.isPresent() && !observation.get().migrationAtWork();
  }

  private boolean isReadable() {
    return observation.map(seen -> seen.history().unreadable().isEmpty()).orElse(false);
  }

  private boolean areFilesReadable() {
    return observation.map(seen -> seen.history().unreadableFiles().isEmpty()).orElse(false);
  }
}
