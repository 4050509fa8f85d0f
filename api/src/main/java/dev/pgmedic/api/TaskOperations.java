package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskView;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Recovery tasks and what people and assistants decide about them. */
final class TaskOperations {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final Tasks tasks;
  private final Map<String, Target> targets;
  private final TaskWaits waits;

  TaskOperations(Store store, Map<String, Target> targets, TaskWaits waits) {
    this.tasks = new Tasks(store);
    this.targets = targets;
    this.waits = waits;
  }

  void addTo(Operations operations) {
    operations
        .answer("listRecoveryTasks", this::list)
        .answer("getRecoveryTask", this::get)
        .answer("approveRecoveryTask", this::approve)
        .answer("rejectRecoveryTask", this::reject);
  }

  private Future<Answer> list(RoutingContext context) {
    return tasks
        .list(
            Query.text(context, "target"),
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
    return answered(id, wait.isZero() ? tasks.find(id) : waits.next(id, wait));
  }

  private static Future<Answer> answered(UUID id, Future<Optional<RecoveryTask>> found) {
    return found.map(task ->
        Answer.ok(TaskView.of(task.orElseThrow(() -> Query.notFound("recovery task", id)))));
  }

  private Future<Answer> approve(RoutingContext context) {
    UUID id = Query.id(context, "recovery task");
    Decision decision = decision(context);
    return tasks
        .find(id)
        .map(found -> found.orElseThrow(() -> Query.notFound("recovery task", id)))
        .compose(this::healable)
        .compose(task -> answered(id, tasks.approve(id, decision)));
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
    return answered(id, tasks.reject(id, decision(context)));
  }

  private static Decision decision(RoutingContext context) {
    JsonObject body = context.body().asJsonObject();
    return new Decision(
        Access.caller(context).name(),
        "token",
        body.getString("plan_digest", ""),
        body.getString("comment", ""),
        body.getBoolean("accept_data_loss", false));
  }
}
