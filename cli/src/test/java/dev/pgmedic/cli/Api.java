package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A user of the HTTP API who has nothing but HTTP. */
final class Api {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final String token;

  Api(String base, String token) {
    this.base = base;
    this.token = token;
  }

  HttpResponse<String> send(String method, String path, String body) {
    return sent(request(method, path, body));
  }

  /** Posts with an {@code Idempotency-Key}. */
  HttpResponse<String> keyed(String key, String path, String body) {
    return sent(request("POST", path, body).header("Idempotency-Key", key));
  }

  private HttpRequest.Builder request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(Duration.ofSeconds(70))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> sent(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonObject get(String path) {
    HttpResponse<String> response = send("GET", path, "");
    assertThat(response.statusCode()).as(path + ": " + response.body()).isLessThan(500);
    return new JsonObject(response.body());
  }

  JsonObject health() {
    return get("/api/health/database");
  }

  /** The task of a target that waits for approval, if there is one. */
  Optional<JsonObject> proposed() {
    JsonArray tasks = get("/api/recovery-tasks?state=awaiting_approval").getJsonArray("items");
    return tasks.isEmpty() ? Optional.empty() : Optional.of(tasks.getJsonObject(0));
  }

  HttpResponse<String> approve(JsonObject task, boolean acceptLoss) {
    JsonObject body =
        new JsonObject()
            .put("plan_digest", task.getJsonObject("plan").getString("digest"))
            .put("comment", "go")
            .put("accept_data_loss", acceptLoss);
    return send("POST", "/api/recovery-tasks/" + task.getString("id") + "/approve", body.encode());
  }

  /** The task once it has ended. */
  JsonObject ended(String id) {
    List<String> open = List.of("awaiting_approval", "approved", "running");
    JsonObject task = get("/api/recovery-tasks/" + id);
    while (open.contains(task.getString("state"))) {
      task = get("/api/recovery-tasks/" + id + "?wait=20s");
    }
    return task;
  }

  /** The types of all events so far, in the order of the log. */
  List<String> eventTypes() {
    return get("/api/events?limit=500").getJsonArray("items").stream()
        .map(event -> ((JsonObject) event).getString("type").replace("dev.pgmedic.", ""))
        .toList();
  }
}
