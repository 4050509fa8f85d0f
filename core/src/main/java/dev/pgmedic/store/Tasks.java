package dev.pgmedic.store;

import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.target.Policy;
import dev.pgmedic.task.Lane;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import dev.pgmedic.task.TaskState.NotStarted;
import dev.pgmedic.task.Terms;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Recovery tasks until a worker claims them: proposed, decided, superseded, expired. */
public final class Tasks {

  /** How long a proposal waits for an approval. */
  public static final Duration PROPOSAL_LIFE = Duration.ofDays(7);

  /** How long an approval waits for a worker. */
  public static final Duration APPROVAL_LIFE = Duration.ofMinutes(15);

  private static final String OPEN_STATES = "('awaiting_approval', 'approved', 'running')";

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
        (task, decided_by, decision, plan_digest, comment, accept_data_loss, authenticated_by,
         on_behalf_of)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;

  private final Store store;
  private final Predicate<RecoveryTask> expected;

  /** The tasks in this store. */
  public Tasks(Store store) {
    this(store, any -> true);
  }

  /**
   * The tasks in this store.
   *
   * @param expected what a task must be when it is approved or rejected, or {@link
   *     TaskConflict.Reason#CHANGED} refuses it; looked at in the transaction
   */
  public Tasks(Store store, Predicate<RecoveryTask> expected) {
    this.store = store;
    this.expected = expected;
  }

  /**
   * Proposes a plan: an open task of its lane, or with an issue of it, that still waits for
   * approval gives way to it.
   *
   * <p>Completes with the new task, or empty when such a task is approved or running already, which
   * a proposal never disturbs; fails as the store fails.
   */
  public Future<Optional<RecoveryTask>> propose(RecoveryPlan plan) {
    return propose(plan, Terms.DEFAULT);
  }

  /** As {@link #propose(RecoveryPlan)}, on these terms. */
  public Future<Optional<RecoveryTask>> propose(RecoveryPlan plan, Terms terms) {
    return store.change(tx ->
        Reports.lock(tx, plan.target())
            .compose(locked -> openTasks(tx, plan.target()))
            .map(open -> open.stream().filter(task -> isInTheWay(task, plan)).toList())
            .compose(open -> propose(tx, new Proposal(plan, terms, Optional.empty()), open)));
  }

  private static boolean isInTheWay(RecoveryTask open, RecoveryPlan plan) {
    return Lane.of(open.plan()) == Lane.of(plan)
        || !Collections.disjoint(open.plan().heals(), plan.heals());
  }

  /** The tasks of a target that are not ended yet, locked, oldest first. */
  static Future<List<RecoveryTask>> openTasks(SqlConnection tx, String target) {
    return tx.preparedQuery(
            TaskRows.SELECT
                + "WHERE t.target = $1 AND t.state IN "
                + OPEN_STATES
                + " ORDER BY t.created_at, t.id FOR UPDATE OF t")
        .execute(Tuple.of(target))
        .map(TaskRows::tasks);
  }

  private static Future<Change<Optional<RecoveryTask>>> propose(
      SqlConnection tx, Proposal proposal, List<RecoveryTask> open) {
    if (!open.stream().allMatch(task -> task.state() instanceof AwaitingApproval)) {
      return Future.succeededFuture(new Change<>(Optional.empty(), List.of()));
    }
    List<NewEvent> events = new ArrayList<>();
    UUID id = UUID.randomUUID();
    String reason = "recovery task " + id + " covers what is there now";
    Future<Void> free = Future.succeededFuture();
    for (RecoveryTask old : open) {
      free = free.compose(before -> supersede(tx, old, reason, events));
    }
    return free.compose(done -> proposal.insert(tx, id))
        .compose(inserted -> TaskRows.find(tx, id, ""))
        .map(task -> {
          events.add(
              TaskRows.event(EventType.TASK_PROPOSED, task.orElseThrow(), task.get().state()));
          return new Change<>(task, events);
        });
  }

  private static Future<Void> supersede(
      SqlConnection tx, RecoveryTask task, String reason, List<NewEvent> events) {
    return task.state() instanceof NotStarted waiting
        ? move(tx, task, new Move(waiting.supersede(), EventType.TASK_SUPERSEDED, reason), events)
        : Future.succeededFuture();
  }

  record Move(TaskState to, EventType event, @Nullable String outcome) {}

  static Future<Void> move(SqlConnection tx, RecoveryTask task, Move move, List<NewEvent> events) {
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

    Optional<TaskConflict> objection(RecoveryTask task, Decision decision) {
      return this == APPROVE
          ? Objection.toApproval(task, decision)
          : Objection.toRejection(task, decision);
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Approves exactly the plan whose digest the decision names.
   *
   * <p>Completes with the task, which is approved when its terms are met and waits on for others
   * when not, or empty when there is none with this id; fails with {@link TaskConflict} when the
   * task no longer waits, the digest is another one, the name is that of who asked or approved
   * before, or a loss is not accepted; fails as the store fails.
   */
  public Future<Optional<RecoveryTask>> approve(UUID id, Decision decision) {
    return approve(id, decision, Policy.DEFAULT);
  }

  /** As {@link #approve(UUID, Decision)}; what is approved waits for the end of quiet hours. */
  public Future<Optional<RecoveryTask>> approve(UUID id, Decision decision, Policy policy) {
    return decide(id, (tx, task) -> approve(tx, task, decision, policy));
  }

  static Future<Change<Optional<RecoveryTask>>> approve(
      SqlConnection tx, RecoveryTask task, Decision decision, Policy policy) {
    return decide(tx, task, decision, Verdict.APPROVE)
        .compose(change ->
            QuietTasks.keep(tx, Map.of(task.target(), policy))
                .compose(kept -> TaskRows.find(tx, task.id(), ""))
                .map(now -> new Change<>(now, change.events())));
  }

  /**
   * Rejects a plan; the decision's digest may be empty. Completes and fails as {@link #approve}
   * does.
   */
  public Future<Optional<RecoveryTask>> reject(UUID id, Decision decision) {
    return decide(id, (tx, task) -> decide(tx, task, decision, Verdict.REJECT));
  }

  private Future<Optional<RecoveryTask>> decide(
      UUID id,
      BiFunction<SqlConnection, RecoveryTask, Future<Change<Optional<RecoveryTask>>>> decision) {
    return store.change(tx ->
        TaskRows.find(tx, id, "FOR UPDATE OF t")
            .compose(found ->
                found.isEmpty()
                    ? Future.succeededFuture(new Change<>(found, List.of()))
                    : TaskConflict.unless(expected, found.get())
                        .compose(task -> decision.apply(tx, task))));
  }

  private static Future<Change<Optional<RecoveryTask>>> decide(
      SqlConnection tx, RecoveryTask task, Decision decision, Verdict verdict) {
    Optional<TaskConflict> conflict = verdict.objection(task, decision);
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
                decision.authenticatedBy(),
                decision.onBehalfOf().orElse(null)))
        .compose(kept ->
            isEnough(task, decision, verdict)
                ? move(tx, task, new Move(verdict.of(waiting), verdict.event, outcome), events)
                : Future.succeededFuture())
        .compose(moved -> TaskRows.find(tx, task.id(), ""))
        .map(after -> {
          events.forEach(event -> decision.tell(event.data()));
          return new Change<>(after, events);
        });
  }

  // One no is enough, and so is the policy's yes.
  private static boolean isEnough(RecoveryTask task, Decision decision, Verdict verdict) {
    return verdict == Verdict.REJECT
        || decision.isByPolicy()
        || task.approvals().size() + 1 >= task.terms().approvals();
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

  /** The tasks of a target that are not ended yet, one in each lane. Fails as the store fails. */
  public Future<List<RecoveryTask>> open(String target) {
    return store
        .reader()
        .preparedQuery(TaskRows.SELECT + "WHERE t.target = $1 AND t.state IN " + OPEN_STATES)
        .execute(Tuple.of(target))
        .map(TaskRows::tasks);
  }

  /**
   * Whether a plan for this state of the target ended badly before, so that it is not proposed
   * again by itself. Fails as the store fails.
   */
  public Future<Boolean> endedBadly(String target, String fingerprint) {
    return endedBadly(store.reader(), target, fingerprint);
  }

  static Future<Boolean> endedBadly(SqlClient client, String target, String fingerprint) {
    return client
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

  /**
   * A page of tasks, oldest first. Fails as the store fails.
   *
   * @param targets only of these; empty means of all
   */
  public Future<Page<RecoveryTask>> list(
      Set<String> targets, Optional<TaskState> state, Optional<UUID> after, int limit) {
    String where =
        """
        WHERE (cardinality($1::text[]) = 0 OR t.target = ANY ($1))
          AND ($2::text IS NULL OR t.state = $2)
          AND ($3::uuid IS NULL OR (t.created_at, t.id) >
               (SELECT created_at, id FROM recovery_task WHERE id = $3))
        ORDER BY t.created_at, t.id LIMIT $4
        """;
    return store
        .reader()
        .preparedQuery(TaskRows.SELECT + where)
        .execute(
            Tuple.of(
                targets.toArray(String[]::new),
                state.map(TaskState::label).orElse(null),
                after.orElse(null),
                limit + 1))
        .map(rows -> Page.of(TaskRows.tasks(rows), limit, task -> task.id().toString()));
  }
}
