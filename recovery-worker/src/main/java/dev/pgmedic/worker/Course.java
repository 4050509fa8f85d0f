package dev.pgmedic.worker;

import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Retreat;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.RestartService;
import dev.pgmedic.plan.action.TakeBack;
import dev.pgmedic.plan.action.Verify;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How far a task has come, whoever worked on it, and where that leaves the database. */
final class Course {

  private final RecoveryTask task;
  private final RecoveryPlan plan;
  private final Set<Integer> ran;
  private final Set<Integer> undone;
  private final Set<Integer> inDoubt;
  private Optional<Step> current = Optional.empty();
  private Optional<String> trouble = Optional.empty();

  /** As the journal has it. */
  Course(RecoveryTask task) {
    this.task = task;
    this.plan = task.plan();
    this.ran = in("succeeded", "undoing");
    this.undone = in("undone");
    this.inDoubt = in("running");
  }

  private Set<Integer> in(String... states) {
    return task.steps().stream()
        .filter(run -> List.of(states).contains(run.state()))
        .map(StepRun::index)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether anything was begun before this claim. */
  boolean isBegun() {
    return !task.steps().isEmpty();
  }

  /** Whether a step was done and stays. */
  boolean isUnderWay() {
    return !ran.isEmpty();
  }

  /** The step that failed before this claim: what ran before it is to be taken back. */
  Optional<StepRun> failed() {
    return task.steps().stream()
        .filter(run -> run.state().equals("failed"))
        .filter(run -> !(step(run.index()).action() instanceof Verify))
        .findFirst();
  }

  /**
   * Whether the worker before had begun to take back. Where it had not, it may have had a reason,
   * such as a deadline behind which the step's own session may still be at work.
   */
  boolean isGoingBack() {
    return !undone.isEmpty() || !in("undoing").isEmpty();
  }

  /** The step of this number. */
  Step step(int index) {
    return plan.steps().get(index - 1);
  }

  /**
   * Whether a step was done and written down. Another look at it would be misled by what the steps
   * behind it did: the migration tool makes anew what was moved out of its way.
   */
  boolean isOver(Step step) {
    return ran.contains(step.index());
  }

  /**
   * Whether nobody can know if a step was done: a worker that vanished had begun it, and it leaves
   * nothing behind that could be looked at.
   */
  boolean isInDoubt(Step step) {
    return step.action() instanceof RestartService && inDoubt.contains(step.index());
  }

  void began(Step step) {
    current = Optional.of(step);
  }

  void ran(Step step) {
    ran.add(step.index());
  }

  /** What becomes of what ran, now that the step under way failed. */
  Retreat retreat() {
    return Retreat.of(plan, current.orElseThrow(), ran);
  }

  void undone(Step step) {
    ran.remove(step.index());
    undone.add(step.index());
  }

  /** A step could not be taken back, and none before it is. */
  void notUndone(Step step, String why) {
    trouble = Optional.of("step " + step.index() + " could not be taken back: " + why);
  }

  /** A step, for people. */
  static String named(Step step) {
    return "step " + step.index() + " (" + step.title() + ")";
  }

  /** What the task was at. */
  String at() {
    return current.map(Course::named).orElse("start");
  }

  /** What stays of what ran. */
  String stays() {
    return switch (ran.size()) {
      case 0 -> undone.isEmpty() ? "no step was done" : "no other step was done";
      case 1 -> numbered(ran) + " ran and stays";
      default -> numbered(ran) + " ran and stay";
    };
  }

  /** Where the database stands after a failure, and what a person does next. */
  String stands() {
    List<String> parts = new ArrayList<>();
    if (!undone.isEmpty()) {
      parts.add(numbered(undone) + (undone.size() == 1 ? " was" : " were") + " taken back");
    }
    trouble.ifPresent(parts::add);
    parts.add(stays() + because());
    List<Integer> undoable = ran.stream().filter(this::knowsAWayBack).toList();
    if (!undoable.isEmpty()) {
      parts.add("undo of this task takes back " + numbered(undoable));
    }
    if (isBegun() || current.isPresent()) {
      parts.add("once the cause is mended, ask for a new plan");
    }
    return String.join("; ", parts);
  }

  private boolean knowsAWayBack(int index) {
    return TakeBack.of(step(index).action()).isPresent();
  }

  private String because() {
    Map<String, List<Integer>> steps = new LinkedHashMap<>();
    if (current.isPresent()) {
      retreat()
          .stays()
          .forEach((step, why) -> steps.computeIfAbsent(why, first -> new ArrayList<>()).add(step));
    }
    return steps.isEmpty()
        ? ""
        : steps.entrySet().stream()
            .map(why -> numbered(why.getValue()) + ": " + why.getKey())
            .collect(Collectors.joining("; ", " (", ")"));
  }

  private static String numbered(Collection<Integer> steps) {
    return (steps.size() == 1 ? "step " : "steps ")
        + steps.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
