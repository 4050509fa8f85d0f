package dev.pgmedic.plan.action;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The types of steps, in the order in which the steps of a plan run. */
public enum StepType {
  END_SESSION(EndSession.TYPE, Phase.WITHOUT_LOCK),
  RELEASE_LOCK(ReleaseLock.TYPE, Phase.BEFORE_LOCK),
  CLEAR_LOCK_ROW(ClearLockRow.TYPE, Phase.UNDER_LOCK),
  QUARANTINE(Quarantine.TYPE, Phase.UNDER_LOCK),
  ENSURE_ENUM(EnsureEnum.TYPE, Phase.UNDER_LOCK),
  REBUILD_OBJECTS(RebuildObjects.TYPE, Phase.UNDER_LOCK),
  RESTORE_ROWS(RestoreRows.TYPE, Phase.UNDER_LOCK),
  REBUILD_INDEX(RebuildIndex.TYPE, Phase.UNDER_LOCK),
  VALIDATE_CONSTRAINT(ValidateConstraint.TYPE, Phase.UNDER_LOCK),
  REPAIR_HISTORY(RepairHistory.TYPE, Phase.UNDER_LOCK),
  RUN_TOOL(RunTool.TYPE, Phase.UNDER_LOCK),
  UNDO(TakeBack.TYPE, Phase.UNDER_LOCK),
  RESTART_SERVICE(RestartService.TYPE, Phase.AFTER_LOCK),
  VERIFY(Verify.TYPE, Phase.AFTER_LOCK);

  private final String type;
  private final Phase phase;

  StepType(String type, Phase phase) {
    this.type = type;
    this.phase = phase;
  }

  /** Reads the name as the API writes it. */
  @JsonCreator
  public static StepType of(String type) {
    return Arrays.stream(values())
        .filter(value -> value.type.equals(type))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no step is of type \"" + type + "\""));
  }

  /** When it runs. */
  public Phase phase() {
    return phase;
  }

  @JsonValue
  @Override
  public String toString() {
    return type;
  }
}
