package dev.pgmedic.cli;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.StepType;
import dev.pgmedic.task.RecoveryTask;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The guide's seven steps, told from the journal of a task that has ended. */
final class SevenSteps {

  private static final Set<StepType> LOCKS =
      EnumSet.of(StepType.END_SESSION, StepType.RELEASE_LOCK, StepType.CLEAR_LOCK_ROW);
  private static final Set<StepType> ENUMS = EnumSet.of(StepType.QUARANTINE, StepType.ENSURE_ENUM);
  private static final Set<StepType> VERIFIES = EnumSet.of(StepType.VERIFY);
  private static final Set<StepType> OTHERS =
      EnumSet.copyOf(
          Arrays.stream(StepType.values())
              .filter(type -> !LOCKS.contains(type))
              .filter(type -> !ENUMS.contains(type))
              .filter(type -> !VERIFIES.contains(type))
              .toList());

  private SevenSteps() {}

  static List<String> of(RecoveryTask task, HealthReport report) {
    String version = report.migrationVersion().orElse("none");
    return List.of(
        "[1/7] PostgreSQL server is up",
        "[2/7] the database answers in " + report.durationMs() + " ms",
        "[3/7] orphaned locks: " + outputs(task, LOCKS),
        "[4/7] enum types: " + outputs(task, ENUMS),
        "[5/7] migration version: " + version,
        "[6/7] missing objects: " + outputs(task, OTHERS) + "; nothing was dropped",
        "[7/7] "
            + (task.state().label().equals("succeeded") ? "verified" : task.state().label())
            + ": version "
            + version
            + ", "
            + report.tablesPresent()
            + " of "
            + report.tablesExpected()
            + " tables, "
            + outputs(task, VERIFIES));
  }

  private static String outputs(RecoveryTask task, Set<StepType> types) {
    Set<Integer> wanted =
        task.plan().steps().stream()
            .filter(step -> types.contains(step.action().type()))
            .map(Step::index)
            .collect(Collectors.toSet());
    Stream<String> said =
        task.steps().stream()
            .filter(run -> wanted.contains(run.index()))
            .map(run -> run.output().orElse(run.state()));
    return said.reduce((first, second) -> first + "; " + second).orElse("none");
  }
}
