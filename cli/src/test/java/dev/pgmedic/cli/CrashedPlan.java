package dev.pgmedic.cli;

import static dev.pgmedic.plan.action.StepType.CLEAR_LOCK_ROW;
import static dev.pgmedic.plan.action.StepType.END_SESSION;
import static dev.pgmedic.plan.action.StepType.ENSURE_ENUM;
import static dev.pgmedic.plan.action.StepType.QUARANTINE;
import static dev.pgmedic.plan.action.StepType.REBUILD_INDEX;
import static dev.pgmedic.plan.action.StepType.REBUILD_OBJECTS;
import static dev.pgmedic.plan.action.StepType.RELEASE_LOCK;
import static dev.pgmedic.plan.action.StepType.REPAIR_HISTORY;
import static dev.pgmedic.plan.action.StepType.RESTART_SERVICE;
import static dev.pgmedic.plan.action.StepType.RESTORE_ROWS;
import static dev.pgmedic.plan.action.StepType.RUN_TOOL;
import static dev.pgmedic.plan.action.StepType.UNDO;
import static dev.pgmedic.plan.action.StepType.VALIDATE_CONSTRAINT;
import static dev.pgmedic.plan.action.StepType.VERIFY;

import dev.pgmedic.plan.action.StepType;
import java.util.List;

/**
 * A plan that the crash matrix crashes.
 *
 * @param name the case of the ward that leads to it
 * @param steps the types of its steps
 */
record CrashedPlan(String name, List<StepType> steps) {

  /** One of each kind. */
  static final List<CrashedPlan> ALL =
      List.of(
          of("lock-orphaned", RELEASE_LOCK, VERIFY),
          of("session-blocks-ddl", END_SESSION, VERIFY),
          of("lock-knex-stale", CLEAR_LOCK_ROW, VERIFY),
          of("table-added", QUARANTINE, VERIFY),
          of("table-added", UNDO, VERIFY),
          of("alembic-type-already-exists", QUARANTINE, RUN_TOOL, VERIFY),
          of("table-dropped-cascade", REBUILD_OBJECTS, RESTART_SERVICE, VERIFY),
          of("column-added", RESTORE_ROWS, VERIFY),
          of("enum-label-missing", ENSURE_ENUM, VERIFY),
          of("index-invalid-of-a-version", REBUILD_INDEX, VERIFY),
          of("constraint-not-valid-of-a-version", VALIDATE_CONSTRAINT, VERIFY),
          of("replay-dirty-and-half-there", REBUILD_OBJECTS, REPAIR_HISTORY, VERIFY));

  private static CrashedPlan of(String name, StepType... steps) {
    return new CrashedPlan(name, List.of(steps));
  }

  /** The case of the ward. */
  WardCase ward() {
    return WardCase.all().stream().filter(found -> found.name().equals(name)).findFirst().get();
  }

  StepType type(int step) {
    return steps.get(step - 1);
  }

  boolean restarts() {
    return steps.contains(RESTART_SERVICE);
  }

  /** Whether the plan is the one that takes the healing of the case back. */
  boolean takesBack() {
    return steps.contains(UNDO);
  }
}
