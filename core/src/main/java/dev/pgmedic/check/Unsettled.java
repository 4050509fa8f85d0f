package dev.pgmedic.check;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a check finds of a schema that may still be on its way to a new version. Ten migration tools
 * take no lock, and without a transaction their half of a version is there for all to see.
 */
public final class Unsettled {

  // What is there too much, or beside its record, is what a migration at work looks like.
  private static final Set<IssueCode> MORE =
      Set.of(
          IssueCode.SCHEMA_DRIFT,
          IssueCode.INDEX_INVALID,
          IssueCode.ENUM_LEFTOVER,
          IssueCode.ENUM_VALUE_UNEXPECTED,
          IssueCode.MIGRATION_PARTIAL);

  // A migration may drop a table and make it anew, or be at work under no lock that its tool takes.
  private static final Set<IssueCode> LESS =
      Set.of(
          IssueCode.TABLE_MISSING,
          IssueCode.ENUM_MISSING,
          IssueCode.ENUM_VALUE_MISSING,
          IssueCode.MIGRATION_FAILED);

  private Unsettled() {}

  /** Whether a migration that does nothing wrong often looks like this. */
  public static boolean isMore(IssueCode code) {
    return MORE.contains(code);
  }

  /** Whether a migration that does nothing wrong seldom looks like this. */
  public static boolean isLess(IssueCode code) {
    return LESS.contains(code);
  }

  /** Such findings of a database that has a migration history; empty where it has none. */
  public static Set<Finding.Key> in(Diagnosis diagnosis) {
    return isMigrated(diagnosis)
        ? diagnosis.findings().stream()
            .map(Finding::key)
            .filter(key -> isMore(key.code()) || isLess(key.code()))
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** Whether the target has a migration history. */
  public static boolean isMigrated(Diagnosis diagnosis) {
    return diagnosis.glance().filter(seen -> seen.history().table().isPresent()).isPresent();
  }
}
