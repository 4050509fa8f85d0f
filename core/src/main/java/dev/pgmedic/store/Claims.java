package dev.pgmedic.store;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Verify;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskState.Running;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Recovery tasks in a worker's hands: claimed, leased, journalled, finished. Every change is
 * conditional on the claim's fence, so that a worker that was paused and taken over changes
 * nothing.
 */
public final class Claims {

  static final int OUTPUT_LIMIT = 8_000;

  private static final String CLAIM =
      """
      WITH picked AS (
        SELECT id, state FROM recovery_task t
        WHERE target = ANY ($3) AND ((state = 'approved' AND expires_at > now()
                                      AND (quiet_until IS NULL OR quiet_until <= now())
                                      AND NOT EXISTS (SELECT FROM recovery_task r
                                        WHERE r.target = t.target AND r.state = 'running'))
              OR (state = 'running' AND lease_until < now()))
        ORDER BY priority = 'high' DESC, created_at FOR UPDATE SKIP LOCKED LIMIT 1)
      UPDATE recovery_task t SET state = 'running', fence = fence + 1, lease_owner = $1,
        lease_until = now() + $2::int8 * interval '1 millisecond',
        started_at = coalesce(started_at, now())
      FROM picked WHERE t.id = picked.id RETURNING t.id, t.fence, picked.state AS before
      """;

  private static final String RENEW =
      """
      UPDATE recovery_task SET lease_until = now() + $3::int8 * interval '1 millisecond'
      WHERE id = $1 AND fence = $2 AND state = 'running'
      """;

  private static final String STILL_OURS =
      "SELECT FROM recovery_task WHERE id = $1 AND fence = $2 AND state = 'running' FOR UPDATE";

  private static final String FINISH =
      """
      UPDATE recovery_task SET state = $3, outcome = $4, finished_at = now(), lease_owner = NULL,
        lease_until = NULL
      WHERE id = $1 AND fence = $2 AND state = 'running'
      """;

  private static final String STEP_STARTED =
      """
      INSERT INTO step_run (task, index, state)
      SELECT t.id, $2, 'running' FROM recovery_task t
      WHERE t.id = $1 AND ($3 OR t.cancel_requested_at IS NULL
            OR EXISTS (SELECT FROM step_run WHERE task = t.id AND state = 'running'))
      ON CONFLICT (task, index) DO UPDATE
        SET state = 'running', started_at = now(), finished_at = NULL, output = NULL
      """;

  private static final String STEP_ENDED =
      """
      UPDATE step_run SET state = $3, finished_at = now(), output = $4
      WHERE task = $1 AND index = $2
      """;

  private static final String STEP_SAYS =
      "UPDATE step_run SET output = $3 WHERE task = $1 AND index = $2 AND state = 'running'";

  private final Store store;

  /** The claims in this store. */
  public Claims(Store store) {
    this.store = store;
  }

  /**
   * Claims the next task: high priority first, then the oldest; one whose worker let its lease run
   * out counts too. Of a target of which one runs no other is claimed.
   *
   * <p>Completes with a claim, or empty when there is nothing to do; fails as the store fails.
   *
   * @param worker who claims
   * @param lease how long the claim holds without being renewed
   * @param targets only tasks of these targets, and none that their quiet hours keep
   */
  public Future<Optional<Claim>> claim(UUID worker, Duration lease, Collection<Target> targets) {
    Map<String, Policy> policies =
        targets.stream().collect(Collectors.toMap(Target::name, Target::policy));
    String[] names = policies.keySet().toArray(String[]::new);
    return store
        .change(tx ->
            QuietTasks.keep(tx, policies)
                .compose(kept ->
                    tx.preparedQuery(CLAIM).execute(Tuple.of(worker, lease.toMillis(), names)))
                .compose(rows ->
                    rows.size() == 0
                        ? Future.succeededFuture(new Change<>(Optional.<Claim>empty(), List.of()))
                        : claimed(tx, rows.iterator().next())))
        .recover(error ->
            isOfAnother(error)
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(error));
  }

  // Another worker claimed another task of the same target in the same moment.
  private static boolean isOfAnother(Throwable error) {
    return error instanceof PgException refused
        && "recovery_task_running".equals(refused.getConstraint());
  }

  private static Future<Change<Optional<Claim>>> claimed(SqlConnection tx, Row row) {
    boolean takenOver = row.getString("before").equals("running");
    long fence = row.getLong("fence");
    return TaskRows.find(tx, row.getUUID("id"), "")
        .map(found -> {
          RecoveryTask task = found.orElseThrow();
          NewEvent started = TaskRows.event(EventType.TASK_STARTED, task, task.state());
          started.data().put("taken_over", takenOver);
          return new Change<>(Optional.of(new Claim(task, fence, takenOver)), List.of(started));
        });
  }

  /** Holds the claim for another lease. Fails with {@link ClaimLost} when another worker has it. */
  public Future<Void> renew(Claim claim, Duration lease) {
    return store
        .reader()
        .preparedQuery(RENEW)
        .execute(Tuple.of(claim.task().id(), claim.fence(), lease.toMillis()))
        .compose(rows ->
            rows.rowCount() == 1
                ? Future.succeededFuture()
                : Future.failedFuture(new ClaimLost(claim)));
  }

  <T> Future<T> whileOurs(
      Claim claim, java.util.function.Function<SqlConnection, Future<Change<T>>> work) {
    return store.change(tx ->
        tx.preparedQuery(STILL_OURS)
            .execute(Tuple.of(claim.task().id(), claim.fence()))
            .compose(rows ->
                rows.size() == 1 ? work.apply(tx) : Future.failedFuture(new ClaimLost(claim))));
  }

  /**
   * Writes down a session that is about to work on the target, before its first statement. Fails
   * with {@link ClaimLost} when another worker has the task.
   */
  public Future<Void> opened(Claim claim, BackendSession session) {
    return whileOurs(
        claim,
        tx ->
            tx.preparedQuery(
                    "INSERT INTO worker_session (task, fence, pid, backend_start)"
                        + " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
                .execute(
                    Tuple.of(
                        claim.task().id(),
                        claim.fence(),
                        session.pid(),
                        session.backendStart().atOffset(ZoneOffset.UTC)))
                .map(kept -> Change.telling(List.of())));
  }

  /** The sessions that were opened for this task under older fences. Fails as the store fails. */
  public Future<List<BackendSession>> earlierSessions(Claim claim) {
    return store
        .reader()
        .preparedQuery(
            "SELECT pid, backend_start FROM worker_session WHERE task = $1 AND fence < $2")
        .execute(Tuple.of(claim.task().id(), claim.fence()))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row ->
                    new BackendSession(
                        row.getInteger("pid"), row.getOffsetDateTime("backend_start").toInstant()))
                .toList());
  }

  /**
   * Journals that a step begins.
   *
   * <p>Fails with {@link ClaimLost} when another worker has the task, and with {@link CalledOff}
   * when somebody called it off: the step must not begin. Where a worker vanished within a step,
   * that one is brought to its end first; and when all is done but the last look, it is too late.
   */
  public Future<Void> stepStarted(Claim claim, Step step) {
    return whileOurs(
        claim,
        tx ->
            tx.preparedQuery(STEP_STARTED)
                .execute(Tuple.of(claim.task().id(), step.index(), step.action() instanceof Verify))
                .compose(kept ->
                    kept.rowCount() == 1
                        ? Future.succeededFuture(
                            Change.telling(List.of(event(EventType.STEP_STARTED, claim, step, ""))))
                        : calledOff(tx, claim)));
  }

  private static <T> Future<T> calledOff(SqlConnection tx, Claim claim) {
    return TaskRows.find(tx, claim.task().id(), "")
        .compose(task -> Future.failedFuture(new CalledOff(task.orElseThrow())));
  }

  /**
   * Journals what a step has said so far; nothing happens when it has ended. Fails with {@link
   * ClaimLost} when another worker has the task.
   *
   * @param output what it said; kept to 8,000 characters
   */
  public Future<Void> stepSays(Claim claim, Step step, String output) {
    String bounded = output.substring(0, Math.min(output.length(), OUTPUT_LIMIT));
    return whileOurs(
        claim,
        tx ->
            tx.preparedQuery(STEP_SAYS)
                .execute(Tuple.of(claim.task().id(), step.index(), bounded))
                .map(kept ->
                    Change.telling(
                        kept.rowCount() == 0
                            ? List.of()
                            : List.of(event(EventType.STEP_PROGRESS, claim, step, bounded)))));
  }

  /**
   * Journals how a step ended. Fails with {@link ClaimLost} when another worker has the task.
   *
   * @param output what it said; kept to 8,000 characters
   */
  public Future<Void> stepEnded(Claim claim, Step step, boolean succeeded, String output) {
    String bounded = output.substring(0, Math.min(output.length(), OUTPUT_LIMIT));
    EventType type = succeeded ? EventType.STEP_SUCCEEDED : EventType.STEP_FAILED;
    return whileOurs(
        claim,
        tx ->
            tx.preparedQuery(STEP_ENDED)
                .execute(
                    Tuple.of(
                        claim.task().id(),
                        step.index(),
                        succeeded ? "succeeded" : "failed",
                        bounded))
                .map(kept -> Change.telling(List.of(event(type, claim, step, bounded)))));
  }

  static NewEvent event(EventType type, Claim claim, Step step, String output) {
    RecoveryTask task = claim.task();
    JsonObject data =
        new JsonObject()
            .put("task", task.id().toString())
            .put("target", task.target())
            .put("index", step.index())
            .put("type", step.action().type().toString())
            .put("title", step.title());
    if (!output.isEmpty()) {
      data.put("output", output);
    }
    return new NewEvent(type, task.target(), task.id().toString(), data);
  }

  /**
   * How a task ends.
   *
   * @param state the end
   * @param outcome why, for people
   * @param lost findings that open with it: what stays lost
   */
  public record End(TaskState state, String outcome, List<Finding> lost) {

    /** Verified; what stays lost is told as {@code data.lost}. */
    public static End succeeded(Running running, String outcome, List<Finding> lost) {
      return new End(running.succeed(), outcome, lost);
    }

    /** Ended honestly without healing. */
    public static End failed(Running running, String outcome) {
      return new End(running.fail(), outcome, List.of());
    }

    /** The target was not as the plan expects, and nothing was done. */
    public static End superseded(Running running, String outcome) {
      return new End(running.supersede(), outcome, List.of());
    }

    /** Called off between two steps. */
    public static End cancelled(Running running, String outcome) {
      return new End(running.cancel(), outcome, List.of());
    }

    private EventType event() {
      return switch (state) {
        case TaskState.Succeeded s -> EventType.TASK_SUCCEEDED;
        case TaskState.Superseded s -> EventType.TASK_SUPERSEDED;
        case TaskState.Cancelled s -> EventType.TASK_CANCELLED;
        default -> EventType.TASK_FAILED;
      };
    }
  }

  /**
   * Ends a task, and takes in what the check that verified it found, in one transaction.
   *
   * <p>Completes with the report of the target; fails with {@link ClaimLost} when another worker
   * has the task; fails as the store fails, and then the task is still running.
   *
   * @param target what was healed
   * @param verification the fresh check; absent when there was none
   */
  public Future<HealthReport> finish(
      Claim claim, End end, Target target, Optional<Diagnosis> verification) {
    List<NewEvent> events = new ArrayList<>();
    return whileOurs(
        claim,
        tx ->
            tx.preparedQuery(FINISH)
                .execute(
                    Tuple.of(claim.task().id(), claim.fence(), end.state().label(), end.outcome()))
                .compose(done -> openLost(tx, claim, end, events))
                .compose(lost -> taken(tx, target, verification, events))
                .map(report -> {
                  NewEvent ended = TaskRows.event(end.event(), claim.task(), end.state());
                  ended.data().put("outcome", end.outcome());
                  events.add(ended);
                  return new Change<>(report, events);
                }));
  }

  private static Future<Void> openLost(
      SqlConnection tx, Claim claim, End end, List<NewEvent> events) {
    Future<Void> done = Future.succeededFuture();
    for (Finding finding : end.lost()) {
      done = done.compose(before -> Issues.open(tx, claim.task().target(), finding, events));
    }
    return done;
  }

  private Future<HealthReport> taken(
      SqlConnection tx, Target target, Optional<Diagnosis> verification, List<NewEvent> events) {
    return verification
        .map(diagnosis ->
            Issues.record(tx, target, diagnosis)
                .compose(change -> {
                  events.addAll(change.events());
                  return Reports.overtake(tx, target.name()).map(change.result());
                }))
        .orElseGet(() -> Reports.read(tx, target.name()));
  }
}
