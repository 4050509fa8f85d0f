package dev.pgmedic.store;

import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.json.Json;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.task.Priority;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import dev.pgmedic.task.TaskState.NotStarted;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Recovery tasks until a worker claims them: proposed, decided, superseded, expired. */
public final class Tasks {

  /** How long a proposal waits for an approval. */
  public static final Duration PROPOSAL_LIFE = Duration.ofDays(7);

  /** How long an approval waits for a worker. */
  public static final Duration APPROVAL_LIFE = Duration.ofMinutes(15);

  private static final String OPEN_STATES = "('awaiting_approval', 'approved', 'running')";

  private static final String INSERT =
      """
      INSERT INTO recovery_task (id, target, priority, state, plan, digest, fingerprint, expires_at)
      VALUES ($1, $2, $3, 'awaiting_approval', $4::text::jsonb, $5, $6,
              now() + $7::int8 * interval '1 second')
      """;

  private static final String LINK =
      """
      INSERT INTO task_issue (task, issue)
      SELECT $1, i.id FROM issue i
      JOIN ROWS FROM (unnest($3::text[]), unnest($4::text[])) AS k(code, subject)
        ON k.code = i.code AND k.subject = i.subject
      WHERE i.target = $2 AND i.resolved_at IS NULL
      """;

  private static final String MOVE =
      """
      UPDATE recovery_task SET state = $3, outcome = $4,
        finished_at = CASE WHEN $3 IN ('approved', 'running') THEN NULL ELSE now() END,
        expires_at = CASE WHEN $3 = 'approved' THEN now() + $5::int8 * interval '1 second'
                          ELSE expires_at END
      WHERE id = $1 AND state = $2 AND ($3 <> 'approved' OR expires_at > now())
      """;

  private static final String DECIDE =
      """
      INSERT INTO approval
        (task, decided_by, decision, plan_digest, comment, accept_data_loss, authenticated_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """;

  private final Store store;

  /** The tasks in this store. */
  public Tasks(Store store) {
    this.store = store;
  }

  /**
   * Proposes a plan: an open task that still waits for approval gives way to it.
   *
   * <p>Completes with the new task, or empty when a task of the target is approved or running
   * already, which a proposal never disturbs; fails as the store fails.
   */
  public Future<Optional<RecoveryTask>> propose(RecoveryPlan plan) {
    return store.change(tx ->
        Reports.lock(tx, plan.target())
            .compose(locked -> openTask(tx, plan.target()))
            .compose(open -> propose(tx, plan, open)));
  }

  private static Future<Optional<RecoveryTask>> openTask(SqlConnection tx, String target) {
    return tx.preparedQuery(
            TaskRows.SELECT
                + "WHERE t.target = $1 AND t.state IN "
                + OPEN_STATES
                + " FOR UPDATE OF t")
        .execute(Tuple.of(target))
        .map(rows -> TaskRows.tasks(rows).stream().findFirst());
  }

  private static Future<Change<Optional<RecoveryTask>>> propose(
      SqlConnection tx, RecoveryPlan plan, Optional<RecoveryTask> open) {
    if (open.isPresent() && !(open.get().state() instanceof AwaitingApproval)) {
      return Future.succeededFuture(new Change<>(Optional.empty(), List.of()));
    }
    List<NewEvent> events = new ArrayList<>();
    UUID id = UUID.randomUUID();
    String reason = "recovery task " + id + " covers what is there now";
    return open.map(old -> supersede(tx, old, reason, events))
        .orElse(Future.succeededFuture())
        .compose(free -> insert(tx, id, plan))
        .compose(inserted -> TaskRows.find(tx, id, ""))
        .map(task -> {
          events.add(
              TaskRows.event(EventType.TASK_PROPOSED, task.orElseThrow(), task.get().state()));
          return new Change<>(task, events);
        });
  }

  private static Future<Void> insert(SqlConnection tx, UUID id, RecoveryPlan plan) {
    List<Finding.Key> heals = plan.heals();
    return tx.preparedQuery(INSERT)
        .execute(
            Tuple.of(
                id,
                plan.target(),
                Priority.of(heals).toString(),
                Json.write(plan),
                plan.digest(),
                plan.fingerprint(),
                PROPOSAL_LIFE.toSeconds()))
        .compose(inserted ->
            tx.preparedQuery(LINK)
                .execute(
                    Tuple.of(
                        id,
                        plan.target(),
                        heals.stream().map(k -> k.code().toString()).toArray(String[]::new),
                        heals.stream().map(Finding.Key::subject).toArray(String[]::new))))
        .mapEmpty();
  }

  private static Future<Void> supersede(
      SqlConnection tx, RecoveryTask task, String reason, List<NewEvent> events) {
    return task.state() instanceof NotStarted waiting
        ? move(tx, task, new Move(waiting.supersede(), EventType.TASK_SUPERSEDED, reason), events)
        : Future.succeededFuture();
  }

  private record Move(TaskState to, EventType event, @Nullable String outcome) {}

  private static Future<Void> move(
      SqlConnection tx, RecoveryTask task, Move move, List<NewEvent> events) {
    return tx.preparedQuery(MOVE)
        .execute(
            Tuple.of(
                task.id(),
                task.state().label(),
                move.to().label(),
                move.outcome(),
                APPROVAL_LIFE.toSeconds()))
        .compose(rows -> {
          if (rows.rowCount() != 1) {
            return Future.failedFuture(
                new TaskConflict(Reason.NOT_WAITING, "the task changed or ran out of time"));
          }
          NewEvent event = TaskRows.event(move.event(), task, move.to());
          event.data().put("outcome", move.outcome());
          events.add(event);
          return Future.succeededFuture();
        });
  }

  /**
   * Ends a proposal whose reason is gone.
   *
   * <p>Completes when it is superseded or was not waiting any more; fails as the store fails.
   */
  public Future<Void> supersede(UUID id, String reason) {
    List<NewEvent> events = new ArrayList<>();
    return store.change(tx ->
        TaskRows.find(tx, id, "FOR UPDATE OF t")
            .compose(task ->
                task.map(found -> supersede(tx, found, reason, events))
                    .orElse(Future.succeededFuture()))
            .map(done -> Change.telling(events)));
  }

  private enum Verdict {
    APPROVE(EventType.TASK_APPROVED),
    REJECT(EventType.TASK_REJECTED);

    private final EventType event;

    Verdict(EventType event) {
      this.event = event;
    }

    TaskState of(AwaitingApproval waiting) {
      return this == APPROVE ? waiting.approve() : waiting.reject();
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Approves exactly the plan whose digest the decision names.
   *
   * <p>Completes with the approved task, or empty when there is none with this id; fails with
   * {@link TaskConflict} when the task no longer waits, the digest is another one, or a loss is not
   * accepted; fails as the store fails.
   */
  public Future<Optional<RecoveryTask>> approve(UUID id, Decision decision) {
    return decide(id, decision, Verdict.APPROVE);
  }

  /**
   * Rejects a plan; the decision's digest may be empty. Completes and fails as {@link #approve}
   * does.
   */
  public Future<Optional<RecoveryTask>> reject(UUID id, Decision decision) {
    return decide(id, decision, Verdict.REJECT);
  }

  private Future<Optional<RecoveryTask>> decide(UUID id, Decision decision, Verdict verdict) {
    return store.change(tx ->
        TaskRows.find(tx, id, "FOR UPDATE OF t")
            .compose(found ->
                found.isEmpty()
                    ? Future.succeededFuture(new Change<>(found, List.of()))
                    : decide(tx, found.get(), decision, verdict)));
  }

  private static Future<Change<Optional<RecoveryTask>>> decide(
      SqlConnection tx, RecoveryTask task, Decision decision, Verdict verdict) {
    Optional<TaskConflict> conflict = conflict(task, decision, verdict);
    if (conflict.isPresent() || !(task.state() instanceof AwaitingApproval waiting)) {
      return Future.failedFuture(conflict.orElseThrow());
    }
    List<NewEvent> events = new ArrayList<>();
    String outcome = verdict == Verdict.REJECT ? "rejected by " + decision.by() : null;
    return tx.preparedQuery(DECIDE)
        .execute(
            Tuple.of(
                task.id(),
                decision.by(),
                verdict.word(),
                task.plan().digest(),
                decision.comment(),
                decision.acceptDataLoss(),
                decision.authenticatedBy()))
        .compose(
            kept -> move(tx, task, new Move(verdict.of(waiting), verdict.event, outcome), events))
        .compose(moved -> TaskRows.find(tx, task.id(), ""))
        .map(after -> {
          events.get(0).data().put("by", decision.by()).put("comment", decision.comment());
          return new Change<>(after, events);
        });
  }

  private static Optional<TaskConflict> conflict(
      RecoveryTask task, Decision decision, Verdict verdict) {
    String digest = task.plan().digest();
    if (!(task.state() instanceof AwaitingApproval)) {
      return Optional.of(
          new TaskConflict(
              Reason.NOT_WAITING,
              "expected a task that awaits approval; this one is " + task.state().label()));
    }
    if (!decision.planDigest().equals(digest)
        && (verdict == Verdict.APPROVE || !decision.planDigest().isEmpty())) {
      return Optional.of(
          new TaskConflict(
              Reason.OTHER_DIGEST,
              "expected plan_digest " + digest + ", which is the plan of this task"));
    }
    if (verdict == Verdict.APPROVE
        && !task.plan().dataLoss().isEmpty()
        && !decision.acceptDataLoss()) {
      return Optional.of(
          new TaskConflict(
              Reason.LOSS_NOT_ACCEPTED,
              "expected \"accept_data_loss\": true, because these come back empty: "
                  + task.plan().dataLoss().stream().map(loss -> loss.object()).toList()));
    }
    return Optional.empty();
  }

  /**
   * Ends every task whose time ran out: proposals after 7 days, approvals that no worker started
   * after 15 minutes. Completes with how many; fails as the store fails.
   */
  public Future<Integer> expire() {
    List<NewEvent> events = new ArrayList<>();
    return store.change(tx ->
        tx.query(
                TaskRows.SELECT
                    + "WHERE t.state IN ('awaiting_approval', 'approved')"
                    + " AND t.expires_at < now() FOR UPDATE OF t SKIP LOCKED")
            .execute()
            .map(TaskRows::tasks)
            .compose(overdue ->
                Future.all(overdue.stream().map(task -> expire(tx, task, events)).toList())
                    .map(done -> new Change<>(overdue.size(), events))));
  }

  private static Future<Void> expire(SqlConnection tx, RecoveryTask task, List<NewEvent> events) {
    return task.state() instanceof NotStarted waiting
        ? move(
            tx,
            task,
            new Move(waiting.expire(), EventType.TASK_EXPIRED, "nobody acted in time"),
            events)
        : Future.succeededFuture();
  }

  /**
   * The task of a target that is not ended yet; empty when there is none. Fails as the store fails.
   */
  public Future<Optional<RecoveryTask>> open(String target) {
    return store
        .reader()
        .preparedQuery(TaskRows.SELECT + "WHERE t.target = $1 AND t.state IN " + OPEN_STATES)
        .execute(Tuple.of(target))
        .map(rows -> TaskRows.tasks(rows).stream().findFirst());
  }

  /**
   * Whether a plan for this state of the target ended badly before, so that it is not proposed
   * again by itself. Fails as the store fails.
   */
  public Future<Boolean> endedBadly(String target, String fingerprint) {
    return store
        .reader()
        .preparedQuery(
            "SELECT EXISTS (SELECT FROM recovery_task WHERE target = $1 AND fingerprint = $2"
                + " AND state IN ('rejected', 'expired', 'failed', 'cancelled')) AS bad")
        .execute(Tuple.of(target, fingerprint))
        .map(rows -> rows.iterator().next().getBoolean("bad"));
  }

  /** One task; empty when there is none. Fails as the store fails. */
  public Future<Optional<RecoveryTask>> find(UUID id) {
    return TaskRows.find(store.reader(), id, "");
  }

  /** How many tasks are in each state. Fails as the store fails. */
  public Future<Map<String, Long>> countByState() {
    return store
        .reader()
        .query("SELECT state, count(*) AS tasks FROM recovery_task GROUP BY state")
        .execute()
        .map(rows -> {
          Map<String, Long> counts = new TreeMap<>();
          rows.forEach(row -> counts.put(row.getString("state"), row.getLong("tasks")));
          return counts;
        });
  }

  /** A page of tasks, oldest first. Fails as the store fails. */
  public Future<Page<RecoveryTask>> list(
      Optional<String> target, Optional<TaskState> state, Optional<UUID> after, int limit) {
    String where =
        """
        WHERE ($1::text IS NULL OR t.target = $1) AND ($2::text IS NULL OR t.state = $2)
          AND ($3::uuid IS NULL OR (t.created_at, t.id) >
               (SELECT created_at, id FROM recovery_task WHERE id = $3))
        ORDER BY t.created_at, t.id LIMIT $4
        """;
    return store
        .reader()
        .preparedQuery(TaskRows.SELECT + where)
        .execute(
            Tuple.of(
                target.orElse(null),
                state.map(TaskState::label).orElse(null),
                after.orElse(null),
                limit + 1))
        .map(rows -> Page.of(TaskRows.tasks(rows), limit, task -> task.id().toString()));
  }
}
