package dev.pgmedic.cli;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** Approves a task over HTTP, as an assistant would. */
final class Approver {

  private Approver() {}

  /** What an approval of this task says. */
  static JsonObject body(RecoveryTask task) {
    return new JsonObject()
        .put("plan_digest", task.plan().digest())
        .put("comment", "go")
        .put("accept_data_loss", !task.plan().dataLoss().isEmpty());
  }

  /** Completes when the API took the approval; fails with its answer when it did not. */
  static Future<Void> approve(Vertx vertx, int port, String token, RecoveryTask task) {
    return vertx
        .createHttpClient()
        .request(
            HttpMethod.POST, port, "127.0.0.1", "/api/recovery-tasks/" + task.id() + "/approve")
        .compose(request ->
            request
                .putHeader("Authorization", "Bearer " + token)
                .putHeader("Content-Type", "application/json")
                .send(body(task).toBuffer()))
        .compose(response ->
            response
                .body()
                .compose(answer ->
                    response.statusCode() == 200
                        ? Future.succeededFuture()
                        : Future.failedFuture("the approval was refused: " + answer)));
  }
}
