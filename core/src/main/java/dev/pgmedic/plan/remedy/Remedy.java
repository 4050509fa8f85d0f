package dev.pgmedic.plan.remedy;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;

/**
 * How one kind of fault is healed. To heal a fault is to write one of these, to name it in {@link
 * #of}, and to break a database of the tests.
 */
@FunctionalInterface
public interface Remedy {

  /** What heals a finding, or what a person must decide. Pure. */
  Treatment treat(Finding finding, Situation situation);

  /** The remedy of a kind of fault. */
  static Remedy of(IssueCode code) {
    return switch (code) {
      case LOCK_ORPHANED -> new OrphanedLock();
      case TABLE_MISSING, ENUM_MISSING -> new MissingObject();
      case ENUM_LEFTOVER -> new LeftoverEnum();
      case ENUM_VALUE_MISSING -> new MissingLabels();
      case LOCK_ROW_STALE -> new StaleLockRow();
      case SESSION_BLOCKING -> new BlockingSession();
      case SESSION_IDLE_IN_TRANSACTION -> new ForgottenTransaction();
      case INDEX_INVALID -> new InvalidIndex();
      case CONSTRAINT_NOT_VALID -> new UnvalidatedConstraint();
      case MIGRATION_FAILED, MIGRATION_PARTIAL -> new BrokenVersion();
      case MIGRATION_CHECKSUM -> new ChangedFile();
      case MIGRATION_PENDING -> new PendingMigration();
      case SCHEMA_DRIFT -> new Drift();
      case LOCK_CONTENDED,
          CONNECTION_UNREACHABLE,
          CONNECTION_SLOW,
          MIGRATION_UNKNOWN_VERSION,
          MIGRATION_MULTIPLE_HEADS,
          MIGRATION_HISTORY_MISSING,
          ENUM_VALUE_UNEXPECTED,
          ENUM_ORDER,
          DATA_LOST,
          LOCK_APPLICATION ->
          (finding, situation) -> new Treatment.Person(finding.recommendation());
    };
  }
}
