package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.store.Cancellations;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Deed.Action;
import dev.pgmedic.store.IncidentReports;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.store.Undos;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskView;
import dev.pgmedic.task.Terms;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Recovery tasks and what people and assistants decide about them. */
final class TaskOperations {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Store store;
  private final Tasks tasks;
  private final IncidentReports incidents;
  private final Map<String, Target> targets;
  private final TaskWaits waits;
  private final TokenWatch tokens;

  TaskOperations(Store store, Map<String, Target> targets, TaskWaits waits, TokenWatch tokens) {
    this.store = store;
    this.tasks = new Tasks(store);
    this.incidents = new IncidentReports(store);
    this.targets = targets;
    this.waits = waits;
    this.tokens = tokens;
  }

  void addTo(Operations operations) {
    operations
        .answer("listRecoveryTasks", this::list)
        .answer("getRecoveryTask", this::get)
        .answer("approveRecoveryTask", this::approve)
        .answer("rejectRecoveryTask", this::reject)
        .answer("cancelRecoveryTask", this::cancel)
        .answer("undoRecoveryTask", this::undo)
        .raw("reportRecoveryTask", this::report);
  }

  private Future<Answer> list(RoutingContext context) {
    return tasks
        .list(
            Sight.targets(context),
            Query.parsed(context, "state", TaskState::of),
            Query.after(context),
            Query.limit(context))
        .map(page ->
            Answer.ok(
                new Page<>(page.items().stream().map(TaskView::of).toList(), page.nextAfter())));
  }

  private Future<Answer> get(RoutingContext context) {
    Duration wait = Query.parsed(context, "wait", DurationText::parse).orElse(Duration.ZERO);
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw Problem.badRequest("wait: expected at most 60s");
    }
    UUID id = Query.id(context, "recovery task");
    return found(context, id)
        .compose(now -> answered(id, wait.isZero() ? tasks.find(id) : next(context, id, wait)));
  }

  private Future<Optional<RecoveryTask>> next(RoutingContext context, UUID id, Duration wait) {
    return tokens.during(context, waits.next(id, wait, TaskTag.news(context)));
  }

  private static Future<Answer> answered(UUID id, Future<Optional<RecoveryTask>> found) {
    return found.map(
        task -> answer(200, task.orElseThrow(() -> Query.notFound("recovery task", id))));
  }

  /** A task, with its tag. */
  static Answer answer(int status, RecoveryTask task) {
    TaskView view = TaskView.of(task);
    return new Answer(status, view, Optional.of(TaskTag.of(view)));
  }

  private Future<Answer> approve(RoutingContext context) {
    UUID id = Query.id(context, "recovery task");
    Decision decision = decision(context);
    return found(context, id)
        .compose(this::healable)
        .compose(task -> {
          Store audited = audited(context, Action.APPROVE, task);
          return answered(id, decided(context, audited).approve(id, decision, policy(task)));
        });
  }

  private Future<RecoveryTask> found(RoutingContext context, UUID id) {
    return tasks
        .find(id)
        .map(found -> {
          RecoveryTask task = found.orElseThrow(() -> Query.notFound("recovery task", id));
          Sight.mustSee(context, task.target());
          return task;
        });
  }

  private Store audited(RoutingContext context, Action action, RecoveryTask task) {
    JsonObject body = action == Action.UNDO ? new JsonObject() : context.body().asJsonObject();
    return store.audited(
        new Deed(
            Access.actor(context, body),
            action,
            task.target(),
            task.id().toString(),
            body.getString("plan_digest", ""),
            body.getString("comment", "")));
  }

  private Policy policy(RecoveryTask task) {
    return Optional.ofNullable(targets.get(task.target()))
        .map(Target::policy)
        .orElse(Policy.DEFAULT);
  }

  private Future<RecoveryTask> healable(RecoveryTask task) {
    boolean observeOnly =
        Optional.ofNullable(targets.get(task.target())).flatMap(Target::recovery).isEmpty();
    return observeOnly
        ? Future.failedFuture(
            Problem.conflict(
                "observe-only",
                "target " + task.target() + " has no recovery: in its configuration"))
        : Future.succeededFuture(task);
  }

  private Future<Answer> reject(RoutingContext context) {
    UUID id = Query.id(context, "recovery task");
    Decision decision = decision(context);
    return found(context, id)
        .compose(task -> {
          Store audited = audited(context, Action.REJECT, task);
          return answered(id, decided(context, audited).reject(id, decision));
        });
  }

  private void report(RoutingContext context) {
    UUID id = Query.id(context, "recovery task");
    found(context, id)
        .compose(task -> incidents.report(id))
        .map(report -> report.orElseThrow(() -> Query.notFound("recovery task", id)))
        .compose(report ->
            context
                .response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/markdown; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(report))
        .onFailure(context::fail);
  }

  private Future<Answer> cancel(RoutingContext context) {
    UUID id = Query.id(context, "recovery task");
    JsonObject body = context.body().asJsonObject();
    String comment = body.getString("comment", "");
    String digest = body.getString("plan_digest", "");
    String by = Access.caller(context).name();
    return found(context, id)
        .compose(task -> {
          Store audited = audited(context, Action.CANCEL, task);
          Cancellations cancellations = new Cancellations(audited, TaskTag.ifMatch(context));
          return answered(id, cancellations.cancel(id, by, comment, digest));
        });
  }

  private Future<Answer> undo(RoutingContext context) {
    UUID id = Query.id(context, "recovery task");
    List<String> requester = List.of(Access.caller(context).name());
    return found(context, id)
        .compose(task ->
            new Undos(audited(context, Action.UNDO, task))
                .propose(id, Terms.of(policy(task), requester)))
        .map(found -> found.orElseThrow(() -> Query.notFound("recovery task", id)))
        .map(undo -> answer(undo.made() ? 201 : 200, undo.task()));
  }

  private static Tasks decided(RoutingContext context, Store audited) {
    return new Tasks(audited, TaskTag.ifMatch(context));
  }

  private static Decision decision(RoutingContext context) {
    JsonObject body = context.body().asJsonObject();
    return new Decision(
        Access.caller(context).name(),
        "token",
        Optional.ofNullable(body.getString("on_behalf_of")),
        body.getString("plan_digest", ""),
        body.getString("comment", ""),
        body.getBoolean("accept_data_loss", false));
  }
}
