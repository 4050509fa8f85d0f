package dev.pgmedic.issue;

import static dev.pgmedic.issue.IssueCode.Healing.ON_REQUEST;
import static dev.pgmedic.issue.IssueCode.Healing.PERSON;
import static dev.pgmedic.issue.IssueCode.Healing.PROPOSED;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;

/**
 * The stable names of all faults that a check can find. Outside users match on them: a code is
 * never renamed or reused.
 */
public enum IssueCode {
  TABLE_MISSING("table.missing", Severity.CRITICAL, PROPOSED),
  LOCK_ORPHANED("lock.orphaned", Severity.HIGH, PROPOSED),
  LOCK_ROW_STALE("lock.row-stale", Severity.HIGH, PROPOSED),
  SESSION_BLOCKING("session.blocking", Severity.HIGH, PROPOSED),
  MIGRATION_FAILED("migration.failed", Severity.HIGH, PROPOSED),
  MIGRATION_PARTIAL("migration.partial", Severity.HIGH, PROPOSED),
  ENUM_MISSING("enum.missing", Severity.HIGH, PROPOSED),
  ENUM_VALUE_MISSING("enum.value-missing", Severity.HIGH, PROPOSED),
  INDEX_INVALID("index.invalid", Severity.WARNING, PROPOSED),
  ENUM_LEFTOVER("enum.leftover", Severity.WARNING, PROPOSED),
  SESSION_IDLE_IN_TRANSACTION("session.idle-in-transaction", Severity.WARNING, ON_REQUEST),
  SCHEMA_DRIFT("schema.drift", Severity.WARNING, ON_REQUEST),
  MIGRATION_CHECKSUM("migration.checksum", Severity.WARNING, ON_REQUEST),
  MIGRATION_PENDING("migration.pending", Severity.INFO, ON_REQUEST),
  CONSTRAINT_NOT_VALID("constraint.not-valid", Severity.INFO, ON_REQUEST),
  CONNECTION_UNREACHABLE("connection.unreachable", Severity.CRITICAL, PERSON),
  CONNECTION_SLOW("connection.slow", Severity.WARNING, PERSON),
  MIGRATION_UNKNOWN_VERSION("migration.unknown-version", Severity.HIGH, PERSON),
  MIGRATION_MULTIPLE_HEADS("migration.multiple-heads", Severity.HIGH, PERSON),
  MIGRATION_HISTORY_MISSING("migration.history-missing", Severity.WARNING, PERSON),
  ENUM_VALUE_UNEXPECTED("enum.value-unexpected", Severity.WARNING, PERSON),
  LOCK_CONTENDED("lock.contended", Severity.WARNING, PERSON),
  ENUM_ORDER("enum.order", Severity.INFO, PERSON),
  DATA_LOST("data.lost", Severity.WARNING, PERSON),
  LOCK_APPLICATION("lock.application", Severity.INFO, PERSON);

  /** Who starts the healing of a fault. */
  public enum Healing {
    /** A recovery task is proposed as soon as the fault is found. */
    PROPOSED,
    /** A recovery task is made when somebody asks for it. */
    ON_REQUEST,
    /** No plan can heal it: a person decides. */
    PERSON
  }

  private final String code;
  private final Severity severity;
  private final Healing healing;

  IssueCode(String code, Severity severity, Healing healing) {
    this.code = code;
    this.severity = severity;
    this.healing = healing;
  }

  /** Reads the name as the API writes it. */
  @JsonCreator
  public static IssueCode of(String code) {
    return Arrays.stream(values())
        .filter(value -> value.code.equals(code))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no issue code \"" + code + "\"; expected one of " + List.of(values())));
  }

  @JsonValue
  @Override
  public String toString() {
    return code;
  }

  /** How bad this fault is. */
  public Severity severity() {
    return severity;
  }

  /** Who starts its healing. */
  public Healing healing() {
    return healing;
  }
}
