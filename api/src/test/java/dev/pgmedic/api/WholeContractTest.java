package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each operation of the contract is there, answers as the contract has it when all is well, and
 * leaves the line of the audit that the contract announces.
 */
@Timeout(180)
class WholeContractTest {

  private static final List<String> READ =
      List.of(
          "/api/health/database",
          "/api/health/database?target=shop",
          "/api/targets",
          "/api/targets/shop",
          "/api/targets/shop/locks",
          "/api/targets/kept/baselines",
          "/api/issues",
          "/api/recovery-tasks",
          "/api/quarantine?target=shop",
          "/api/audit",
          "/api/whoami",
          "/api/tokens",
          "/api/webhooks",
          "/api/openapi.yaml",
          "/livez",
          "/readyz",
          "/metrics");

  private final BrokenShop shop = BrokenShop.healable();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Target kept = Target.of("kept", url);
  private final Service service = Service.of(shop.target(), kept);
  private final Map<String, Set<String>> changes = new TreeMap<>();

  @AfterEach
  void close() {
    service.close();
  }

  @CanIgnoreReturnValue
  private Reply done(Call call) {
    Reply reply = service.send(call.as(Service.ADMIN));
    assertThat(reply.status()).as(call.path() + ": " + reply.body()).isIn(200, 201, 204);
    if (!call.method().equals("GET")) {
      changes
          .computeIfAbsent(ContractWatch.operation(call), operation -> new TreeSet<>())
          .add(reply.headers().get("X-Request-Id"));
    }
    return reply;
  }

  @CanIgnoreReturnValue
  private Reply act(String path, JsonObject body) {
    return done(Call.post(path, body));
  }

  @CanIgnoreReturnValue
  private Reply act(String path) {
    return done(Call.post(path, ""));
  }

  @Test
  void everyOperationIsAnsweredAsTheContractHasIt() {
    // Given
    RecoveryTask task = shop.propose(service);
    knowWhatIsGood();

    // When
    decide(task);
    answerIssues();
    webhooks();
    tokens();
    checkAndEmpty();
    READ.forEach(path -> done(Call.get(path)));
    done(Call.get("/api/events").with("Accept", "application/json"));
    act("/mcp", new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "ping"));

    // Then
    assertThat(service.succeeded()).containsExactlyInAnyOrderElementsOf(ContractWatch.operations());
    assertThat(audited()).isEqualTo(ContractWatch.audited());
  }

  /** For each operation that changed something what the audit has of its requests. */
  private Map<String, Set<String>> audited() {
    Map<String, Set<String>> audited = new TreeMap<>();
    changes.keySet().forEach(operation -> audited.put(operation, new TreeSet<>()));
    JsonArray lines = done(Call.get("/api/audit?limit=500")).json().getJsonArray("items");
    for (JsonObject line : lines.stream().map(JsonObject.class::cast).toList()) {
      changes.forEach((operation, requests) -> {
        if (requests.contains(line.getString("request_id"))) {
          audited.get(operation).add(line.getString("action"));
        }
      });
    }
    return audited;
  }

  private void decide(RecoveryTask first) {
    act("/api/recovery-tasks/" + first.id() + "/reject", new JsonObject());
    proposeAgainWhenAsked(first);
    String propose = "/api/issues/" + first.issues().getFirst() + "/recovery-task";
    String path = "/api/recovery-tasks/" + act(propose).json().getString("id");
    act(propose);
    JsonObject yes =
        new JsonObject().put("plan_digest", first.plan().digest()).put("accept_data_loss", true);
    act(path + "/approve", yes);
    done(Call.get(path));
    done(Call.get(path + "/report"));
    act(path + "/cancel", new JsonObject());
  }

  // As the monitor does, which this module does not have.
  private void proposeAgainWhenAsked(RecoveryTask task) {
    service
        .vertx()
        .eventBus()
        .<JsonObject>consumer(
            Addresses.PROPOSE,
            asked -> {
              Deed deed = Json.read(asked.body().getJsonObject("deed").encode(), Deed.class);
              new Tasks(service.store().audited(deed))
                  .propose(task.plan(), task.terms())
                  .onSuccess(made -> asked.reply(new JsonObject().put("decision", "")))
                  .onFailure(error -> asked.fail(1, error.getMessage()));
            });
  }

  // The task succeeds as with a worker, which this module does not have.
  private void undo(Diagnosis diagnosis) {
    Planner planner = Proposer.planner(kept, diagnosis, diagnosis.findings()).orElseThrow();
    PlanOutcome outcome = new Proposer(service.vertx()).plan(kept, diagnosis, planner).await();
    Tasks tasks = new Tasks(service.store());
    RecoveryTask task = tasks.propose(((PlanOutcome.Planned) outcome).plan()).await().orElseThrow();
    Decision yes = new Decision("jarvis", "token", task.plan().digest(), "", true);
    assertThat(tasks.approve(task.id(), yes).await()).isPresent();
    TestDatabases.run(
        service.storeUrl(),
        "UPDATE pgmedic.recovery_task SET state = 'running' WHERE id = '" + task.id() + "'",
        "INSERT INTO pgmedic.step_run (task, index, state, finished_at) SELECT id, 1, 'succeeded',"
            + " now() FROM pgmedic.recovery_task WHERE state = 'running'",
        "UPDATE pgmedic.recovery_task SET state = 'succeeded', finished_at = now()"
            + " WHERE state = 'running'");
    String undo = act("/api/recovery-tasks/" + task.id() + "/undo").json().getString("id");
    JsonObject told =
        service
            .send(
                Call.post(
                        "/mcp",
                        call("undo_recovery", new JsonObject().put("task", task.id().toString())))
                    .as(Service.ADMIN))
            .json()
            .getJsonObject("result")
            .getJsonObject("structuredContent");
    assertThat(told.getString("id")).isEqualTo(undo);
    assertThat(told.getString("state")).isEqualTo("awaiting_approval");
  }

  private static JsonObject call(String tool, JsonObject arguments) {
    return new JsonObject()
        .put("jsonrpc", "2.0")
        .put("id", 1)
        .put("method", "tools/call")
        .put("params", new JsonObject().put("name", tool).put("arguments", arguments));
  }

  private void knowWhatIsGood() {
    KnownGood good = new Checks(service.vertx()).knownGood(url);
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(
            Optional.empty(), false, good.catalog(), good.script(), List.of());
    record(BrokenShop.found(kept, List.of()));
    assertThat(new Baselines(service.store()).save("kept", baseline, Optional.empty()).await())
        .isTrue();
    act("/api/targets/kept/baselines/-/confirm");
  }

  private void answerIssues() {
    Checks checks = new Checks(service.vertx());
    Baselines baselines = new Baselines(service.store());
    TestDatabases.run(url, "CREATE TABLE stray (id int PRIMARY KEY)");
    Diagnosis diagnosis = checks.run(kept, version -> baselines.find("kept", version));
    record(diagnosis);
    undo(diagnosis);
    JsonObject reason = new JsonObject().put("reason", "it is meant");
    String drift = "/api/issues/" + issue(IssueCode.SCHEMA_DRIFT);
    done(Call.get(drift));
    act(drift + "/silence", reason.copy().put("until", Instant.now().toString()));
    act(drift + "/accept", reason);
    record(BrokenShop.found(kept, IssueCode.DATA_LOST, "public.orders", "lost"));
    act("/api/issues/" + issue(IssueCode.DATA_LOST) + "/resolve", reason);
  }

  private void record(Diagnosis diagnosis) {
    assertThat(new Issues(service.store()).record(kept, diagnosis).await().target())
        .isEqualTo("kept");
  }

  private String issue(IssueCode code) {
    return done(Call.get("/api/issues?target=kept&state=open&code=" + code))
        .json()
        .getJsonArray("items")
        .getJsonObject(0)
        .getString("id");
  }

  private void webhooks() {
    JsonObject webhook = new JsonObject().put("name", "ops").put("url", "https://example.com/x");
    String id = act("/api/webhooks", webhook).json().getString("id");
    done(Call.get("/api/webhooks/" + id + "/deliveries"));
    act("/api/webhooks/" + id + "/replay");
    done(delete("/api/webhooks/" + id));
  }

  private void tokens() {
    JsonObject token = new JsonObject().put("name", "ci").put("role", "viewer");
    String id = act("/api/tokens", token).json().getString("id");
    done(delete("/api/tokens/" + id));
    String cookie = act("/api/session").headers().get("Set-Cookie").split(";", 2)[0];
    done(
        delete("/api/session")
            .with("Cookie", cookie)
            .with("Origin", "http://127.0.0.1:" + service.port()));
  }

  private void checkAndEmpty() {
    JsonObject report = done(Call.get("/api/health/database?target=shop")).json();
    service.vertx().eventBus().<JsonObject>consumer(Addresses.CHECK, asked -> asked.reply(report));
    act("/api/targets/shop/check");
    TestDatabases.run(
        shop.target().url(), "CREATE SCHEMA pgmedic_q_1a", "CREATE TABLE pgmedic_q_1a.t (id int)");
    done(delete("/api/quarantine?target=shop&schema=pgmedic_q_1a"));
  }

  private static Call delete(String path) {
    return new Call("DELETE", path, Map.of(), "");
  }
}
