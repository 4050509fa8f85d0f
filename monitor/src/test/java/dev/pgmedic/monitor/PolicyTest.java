package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.access.TokenKind;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.Approval;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.Terms;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the monitor proposes by itself, and what it lets run without a person. */
@Timeout(120)
class PolicyTest {

  private static final String AUDITED =
      "SELECT concat_ws(' ', actor, kind, action, subject) FROM pgmedic.audit ORDER BY id";

  private static final Set<IssueCode> ENUM = Set.of(IssueCode.ENUM_MISSING);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl kept = TestDatabases.fresh();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, kept).await();
  private final Tasks tasks = new Tasks(store);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Target target(Optional<Policy> policy) {
    Target plain = Target.of("shop", url);
    return new Target(
        plain.name(),
        url,
        Map.of(),
        plain.migrations(),
        plain.expect(),
        policy.map(leave -> new Recovery(url, List.of(), leave)),
        Duration.ofMillis(200),
        plain.deadlines());
  }

  /** Monitors a database that loses an enum type once there is a baseline. */
  private void monitor(Optional<Policy> policy) {
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('good', 'bad')");
    String id =
        vertx
            .deployVerticle(
                new MonitorVerticle(
                    store, List.of(target(policy)), Checks.LOCK_PAUSE, Optional.empty()))
            .await();
    assertThat(id).isNotEmpty();
    until("SELECT count(*) > 0 FROM pgmedic.baseline").await();
    TestDatabases.run(url, "DROP TYPE mood");
    until("SELECT count(*) > 0 FROM pgmedic.issue WHERE code = 'enum.missing'").await();
  }

  private Future<Void> until(String sql) {
    return TestDatabases.query(kept, sql).contains("t")
        ? Future.succeededFuture()
        : vertx.timer(50).compose(waited -> until(sql));
  }

  private List<RecoveryTask> all() {
    Page<RecoveryTask> page =
        tasks.list(Set.of("shop"), Optional.empty(), Optional.empty(), 10).await();
    return page.items();
  }

  /** Waits for two checks more. */
  private void checkTwice() {
    for (int i = 0; i < 2; i++) {
      String at = TestDatabases.query(kept, "SELECT checked_at FROM pgmedic.target").get(0);
      until("SELECT checked_at > '" + at + "' FROM pgmedic.target").await();
    }
  }

  @Test
  void whatIsAutomaticIsProposedAndApprovedByThePolicy() {
    // Given
    Policy automatic = new Policy(ENUM, ENUM, 2, false, List.of());

    // When
    monitor(Optional.of(automatic));
    until("SELECT count(*) > 0 FROM pgmedic.recovery_task WHERE state = 'approved'").await();

    // Then
    RecoveryTask task = all().get(0);
    assertThat(task.terms()).isEqualTo(new Terms(List.of(), 2, false));
    assertThat(task.approvals())
        .singleElement()
        .returns("policy", Approval::by)
        .returns(task.plan().digest(), Approval::planDigest);
  }

  @Test
  void whatIsNotToBeProposedIsWhenSomebodyAsks() {
    // Given
    monitor(Optional.of(new Policy(Set.of(), Set.of(), 1, false, List.of())));
    checkTwice();
    List<RecoveryTask> before = all();

    // When
    JsonObject asked =
        new JsonObject()
            .put("target", "shop")
            .put("by", "jarvis")
            .put("code", "enum.missing")
            .put("subject", "public.mood")
            .put("deed", new JsonObject(Json.write(proposal())));
    String decision =
        vertx
            .eventBus()
            .<JsonObject>request(Addresses.PROPOSE, asked)
            .await()
            .body()
            .getString("decision");

    // Then
    assertThat(before).isEmpty();
    assertThat(decision).isEmpty();
    assertThat(all())
        .singleElement()
        .returns(new Terms(List.of("jarvis"), 1, false), RecoveryTask::terms)
        .returns("awaiting_approval", task -> task.state().label());
    assertThat(TestDatabases.query(kept, AUDITED)).containsExactly("jarvis agent propose 7");
  }

  private static Deed proposal() {
    Actor jarvis =
        new Actor(
            "jarvis", Optional.of(TokenKind.AGENT), "config token", Optional.empty(), "", "run-7");
    return new Deed(jarvis, Deed.Action.PROPOSE, "shop", "7", "", "");
  }

  @Test
  void whoAsksForWhatNoTaskComesOfIsNotInTheAudit() {
    // Given
    monitor(Optional.of(new Policy(Set.of(), Set.of(), 1, false, List.of())));
    checkTwice();
    JsonObject asked =
        new JsonObject()
            .put("target", "shop")
            .put("code", "enum.missing")
            .put("subject", "public.nothing")
            .put("deed", new JsonObject(Json.write(proposal())));

    // When
    Message<JsonObject> reply =
        vertx.eventBus().<JsonObject>request(Addresses.PROPOSE, asked).await();

    // Then
    assertThat(reply.body().containsKey("decision")).isTrue();
    assertThat(all()).isEmpty();
    assertThat(TestDatabases.query(kept, AUDITED)).isEmpty();
  }

  @Test
  void anObserveOnlyTargetIsShownThePlanAndNothingIsApproved() {
    // When
    monitor(Optional.empty());
    until("SELECT count(*) > 0 FROM pgmedic.recovery_task").await();
    checkTwice();

    // Then
    assertThat(all()).singleElement().returns("awaiting_approval", task -> task.state().label());
  }

  @Test
  void anotherPolicyAsksForOtherApprovalsByAnotherTask() {
    // Given
    Policy one = new Policy(ENUM, Set.of(), 1, true, List.of());
    monitor(Optional.of(one));
    until("SELECT count(*) > 0 FROM pgmedic.recovery_task").await();
    vertx.deploymentIDs().forEach(id -> vertx.undeploy(id).await());

    // When
    Policy two = new Policy(ENUM, Set.of(), 2, false, List.of());
    String id =
        vertx
            .deployVerticle(
                new MonitorVerticle(
                    store, List.of(target(Optional.of(two))), Checks.LOCK_PAUSE, Optional.empty()))
            .await();
    until("SELECT count(*) > 1 FROM pgmedic.recovery_task").await();

    // Then
    assertThat(id).isNotEmpty();
    assertThat(all())
        .extracting(task -> task.state().label() + " " + task.terms().approvals())
        .containsExactly("superseded 1", "awaiting_approval 2");
  }
}
