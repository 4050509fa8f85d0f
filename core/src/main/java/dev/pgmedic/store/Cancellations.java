package dev.pgmedic.store;

import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.task.CancelRequest;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskState.NotStarted;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Calls tasks off: one that waits ends at once, one that runs is stopped between two steps. */
public final class Cancellations {

  private static final String REQUEST =
      """
      UPDATE recovery_task
      SET cancel_requested_by = $2, cancel_comment = $3, cancel_requested_at = now()
      WHERE id = $1 AND cancel_requested_at IS NULL
      """;

  private final Store store;
  private final Predicate<RecoveryTask> expected;

  /** The cancellations in this store. */
  public Cancellations(Store store) {
    this(store, any -> true);
  }

  /** As {@link Tasks#Tasks(Store, Predicate)} has it, for what is called off. */
  public Cancellations(Store store, Predicate<RecoveryTask> expected) {
    this.store = store;
    this.expected = expected;
  }

  /**
   * Calls a task off. The worker of one that runs is told when it is about to begin its next step;
   * who asks again changes nothing.
   *
   * <p>Completes with the task as it is then, or empty when there is none with this id; fails with
   * {@link TaskConflict} when it has ended; fails as the store fails.
   *
   * @param by the name of the token
   * @param comment why; may be empty
   */
  public Future<Optional<RecoveryTask>> cancel(UUID id, String by, String comment) {
    return cancel(id, by, comment, "");
  }

  /**
   * As {@link #cancel(UUID, String, String)}, and refused where the task has another plan.
   *
   * @param digest of the plan that they saw; empty where they named none
   */
  public Future<Optional<RecoveryTask>> cancel(UUID id, String by, String comment, String digest) {
    Tuple request = Tuple.of(id, by, comment);
    return store.change(tx ->
        TaskRows.find(tx, id, "FOR UPDATE OF t")
            .compose(found ->
                found
                    .map(task ->
                        TaskConflict.unless(expected, task)
                            .compose(same -> cancel(tx, same, digest, request)))
                    .orElseGet(
                        () -> Future.succeededFuture(new Change<>(Optional.empty(), List.of())))));
  }

  private static Future<Change<Optional<RecoveryTask>>> cancel(
      SqlConnection tx, RecoveryTask task, String digest, Tuple request) {
    Optional<TaskConflict> conflict = Objection.toCancellation(task, digest);
    if (conflict.isPresent()) {
      return Future.failedFuture(conflict.get());
    }
    List<NewEvent> events = new ArrayList<>();
    return tx.preparedQuery(REQUEST)
        .execute(request)
        .compose(asked -> TaskRows.find(tx, task.id(), ""))
        .compose(asked -> end(tx, asked.orElseThrow(), events))
        .compose(ended -> TaskRows.find(tx, task.id(), ""))
        .map(now -> new Change<>(now, events));
  }

  private static Future<Void> end(SqlConnection tx, RecoveryTask task, List<NewEvent> events) {
    if (!(task.state() instanceof NotStarted waiting)) {
      return Future.succeededFuture(); // its worker does
    }
    TaskState cancelled = waiting.cancel();
    String outcome = task.cancelRequested().map(CancelRequest::text).orElseThrow();
    return Tasks.move(
        tx, task, new Tasks.Move(cancelled, EventType.TASK_CANCELLED, outcome), events);
  }
}
