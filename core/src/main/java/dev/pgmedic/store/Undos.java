package dev.pgmedic.store;

import dev.pgmedic.event.EventType;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Undoing;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.task.Lane;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.Terms;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Proposes to take recoveries back. */
public final class Undos {

  private final Store store;

  /** The recoveries in this store. */
  public Undos(Store store) {
    this.store = store;
  }

  /**
   * What came of it.
   *
   * @param task the task that takes the other one back
   * @param made whether it is new, and did not wait or run already
   */
  public record Undo(RecoveryTask task, boolean made) {}

  /**
   * Proposes to take a task back; a task that does so and is open already is the answer then.
   *
   * <p>Completes with it, or empty when there is no task with this id. Fails with {@link
   * TaskConflict} when the task has not ended, did nothing that can be taken back or is taken back
   * already, or when another task that is not about sessions alone is open; fails as the store
   * fails.
   */
  public Future<Optional<Undo>> propose(UUID id, Terms terms) {
    return store.change(tx ->
        TaskRows.find(tx, id, "")
            .compose(found ->
                found
                    .map(task ->
                        Reports.lock(tx, task.target())
                            .compose(locked -> TaskRows.find(tx, id, "FOR UPDATE OF t"))
                            .compose(now -> propose(tx, now.orElseThrow(), terms)))
                    .orElseGet(
                        () -> Future.succeededFuture(new Change<>(Optional.empty(), List.of())))));
  }

  private static Future<Change<Optional<Undo>>> propose(
      SqlConnection tx, RecoveryTask task, Terms terms) {
    if (task.state().open()) {
      return refused("expected a task that has ended; this one is " + task.state().label());
    }
    return Tasks.openTasks(tx, task.target())
        .map(Undos::inTheSchemaLane)
        .compose(open -> {
          if (open.isPresent()) {
            return open.get().undoOf().equals(Optional.of(task.id()))
                ? answered(open.get(), false)
                : refused(
                    "recovery task "
                        + open.get().id()
                        + " of this target is open; decide it first");
          }
          return isUndone(tx, task.id())
              .compose(undone ->
                  undone ? refused("it is taken back already") : planned(tx, task, terms));
        });
  }

  private static Optional<RecoveryTask> inTheSchemaLane(List<RecoveryTask> open) {
    return open.stream().filter(other -> Lane.of(other.plan()) == Lane.SCHEMA).findFirst();
  }

  private static Future<Boolean> isUndone(SqlConnection tx, UUID id) {
    return tx.preparedQuery(
            "SELECT EXISTS (SELECT FROM recovery_task WHERE undo_of = $1 AND state = 'succeeded')"
                + " AS undone")
        .execute(Tuple.of(id))
        .map(rows -> rows.iterator().next().getBoolean("undone"));
  }

  private static Future<Change<Optional<Undo>>> planned(
      SqlConnection tx, RecoveryTask task, Terms terms) {
    Set<Integer> succeeded =
        task.steps().stream()
            .filter(step -> Set.of("succeeded", "undoing").contains(step.state()))
            .map(StepRun::index)
            .collect(Collectors.toSet());
    return switch (Undoing.of(task.plan(), succeeded)) {
      case PlanOutcome.NotHealable not -> refused(not.reason());
      case PlanOutcome.Planned planned ->
          inserted(tx, new Proposal(planned.plan(), terms, Optional.of(task.id())));
    };
  }

  private static Future<Change<Optional<Undo>>> inserted(SqlConnection tx, Proposal proposal) {
    UUID id = UUID.randomUUID();
    return proposal
        .insert(tx, id)
        .compose(made -> TaskRows.find(tx, id, ""))
        .compose(task -> answered(task.orElseThrow(), true));
  }

  private static Future<Change<Optional<Undo>>> answered(RecoveryTask task, boolean made) {
    return Future.succeededFuture(
        new Change<>(
            Optional.of(new Undo(task, made)),
            made
                ? List.of(TaskRows.event(EventType.TASK_PROPOSED, task, task.state()))
                : List.of()));
  }

  private static <T> Future<T> refused(String why) {
    return Future.failedFuture(new TaskConflict(Reason.NOT_UNDOABLE, why));
  }
}
