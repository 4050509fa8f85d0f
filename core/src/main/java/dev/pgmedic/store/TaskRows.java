package dev.pgmedic.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.json.Json;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.task.Approval;
import dev.pgmedic.task.CancelRequest;
import dev.pgmedic.task.Priority;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.Terms;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** How a recovery task lies in the store's rows, and how it is told of in events. */
final class TaskRows {

  static final String SELECT =
      """
      SELECT t.id, t.target, t.priority, t.state, t.created_at, t.expires_at, t.outcome, t.fence,
             t.undo_of, t.requested_by, t.approvals_needed, t.requester_approves,
             CASE WHEN t.quiet_until > now() THEN t.quiet_until END AS quiet_until,
             t.cancel_requested_by, t.cancel_comment, t.cancel_requested_at,
             t.plan::text AS plan,
             ARRAY(SELECT issue FROM task_issue WHERE task = t.id) AS issues,
             (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'by', a.decided_by, 'on_behalf_of', a.on_behalf_of, 'decision', a.decision,
                'plan_digest', a.plan_digest, 'comment', a.comment,
                'accept_data_loss', a.accept_data_loss, 'at', a.at) ORDER BY a.id), '[]')
              FROM approval a WHERE a.task = t.id)::text AS approvals,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('index', s.index, 'state', s.state,
                'started_at', s.started_at, 'finished_at', s.finished_at, 'output', s.output)
                ORDER BY s.index), '[]')
              FROM step_run s WHERE s.task = t.id)::text AS steps
      FROM recovery_task t
      """;

  private TaskRows() {}

  static Future<Optional<RecoveryTask>> find(SqlClient client, UUID id, String suffix) {
    return client
        .preparedQuery(SELECT + "WHERE t.id = $1 " + suffix)
        .execute(Tuple.of(id))
        .map(rows -> tasks(rows).stream().findFirst());
  }

  static List<RecoveryTask> tasks(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(TaskRows::task).toList();
  }

  static RecoveryTask task(Row row) {
    OffsetDateTime created = row.getOffsetDateTime("created_at");
    return new RecoveryTask(
        row.getUUID("id"),
        row.getString("target"),
        Priority.of(row.getString("priority")),
        TaskState.of(row.getString("state")),
        List.of(row.getArrayOfUUIDs("issues")),
        Optional.ofNullable(row.getUUID("undo_of")),
        new Terms(
            List.of(row.getArrayOfStrings("requested_by")),
            row.getInteger("approvals_needed"),
            row.getBoolean("requester_approves")),
        Optional.ofNullable(row.getOffsetDateTime("quiet_until")).map(OffsetDateTime::toInstant),
        created.toInstant(),
        row.getOffsetDateTime("expires_at").toInstant(),
        cancelRequest(row),
        Optional.ofNullable(row.getString("outcome")),
        Json.read(row.getString("plan"), RecoveryPlan.class),
        Json.read(row.getString("approvals"), new TypeReference<List<Approval>>() {}),
        Json.read(row.getString("steps"), new TypeReference<List<StepRun>>() {}));
  }

  private static Optional<CancelRequest> cancelRequest(Row row) {
    return Optional.ofNullable(row.getOffsetDateTime("cancel_requested_at"))
        .map(at ->
            new CancelRequest(
                row.getString("cancel_requested_by"),
                row.getString("cancel_comment"),
                at.toInstant()));
  }

  static NewEvent event(EventType type, RecoveryTask task, TaskState state) {
    JsonArray issues = new JsonArray();
    task.issues().forEach(issue -> issues.add(issue.toString()));
    JsonObject data =
        new JsonObject()
            .put("id", task.id().toString())
            .put("target", task.target())
            .put("state", state.label())
            .put("priority", task.priority().toString())
            .put("plan_digest", task.plan().digest())
            .put("summary", task.plan().summary())
            .put("issues", issues)
            .put("data_loss", new JsonArray(Json.write(task.plan().dataLoss())));
    task.undoOf().ifPresent(undone -> data.put("undo_of", undone.toString()));
    return new NewEvent(type, task.target(), task.id().toString(), data);
  }
}
