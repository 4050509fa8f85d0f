package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A database of an owner who means no good, healed by a role that is no superuser and may act for
 * another owner too. Whatever the hostile code is called from, {@code tell} writes down as whom it
 * runs, tries to take the rights of the recovery's login, and with them what is not its own.
 */
final class HostileScene implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final String owner = TestDatabases.role(url);
  private final String other = TestDatabases.role(url);
  private final String recovery = TestDatabases.role(url, owner, other);
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();
  private final Tasks tasks = new Tasks(store);
  private final Baselines baselines = new Baselines(store);
  private final Target target;

  /** One whose migration files are in this folder. */
  HostileScene(Optional<Path> directory) {
    target =
        new Target(
                "hostile",
                url,
                Map.of(),
                Migrations.DETECTED,
                Expectation.NONE,
                Optional.of(new Recovery(TestDatabases.as(url, recovery), List.of())),
                Target.DEFAULT_CHECK_EVERY,
                Deadlines.DEFAULT)
            .withDirectory(directory);
    TestDatabases.run(
        url,
        "GRANT CREATE ON SCHEMA public TO " + owner,
        "GRANT CREATE ON DATABASE " + url.database() + " TO " + recovery,
        "CREATE TABLE spied (what text, who text, why text)",
        "GRANT INSERT ON spied TO PUBLIC",
        "CREATE TABLE secret AS SELECT 42 AS number",
        "ALTER TABLE secret OWNER TO " + other);
    asOwner(
        """
        CREATE FUNCTION tell(what text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO public.spied VALUES (what, current_user, 'came');
          PERFORM pg_catalog.set_config('role', 'none', true);
          DROP TABLE public.secret;
          INSERT INTO public.spied VALUES (what, current_user, 'ESCAPED');
        EXCEPTION WHEN OTHERS THEN
          INSERT INTO public.spied VALUES (what, current_user, SQLERRM);
        END $$
        """,
        "CREATE FUNCTION spy(n int, what text) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
            + " 'BEGIN PERFORM public.tell(what); RETURN n; END'",
        "CREATE FUNCTION ambush() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN PERFORM public.tell(TG_NAME::text); RETURN NEW; END'");
  }

  PostgresUrl url() {
    return url;
  }

  String owner() {
    return owner;
  }

  String recovery() {
    return recovery;
  }

  /** Runs statements as the hostile owner. */
  void asOwner(String... statements) {
    TestDatabases.run(TestDatabases.as(url, owner), statements);
  }

  /** Keeps the database as known-good. */
  void keep() {
    KnownGood good = checks.knownGood(url);
    new Reports(store).register(List.of(target)).await();
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(good.version(), false, good.catalog(), good.script(), List.of());
    assertThat(baselines.save(target.name(), baseline, Optional.empty()).await()).isTrue();
  }

  /** Heals one issue as a person asks, and completes with the task at its end. */
  RecoveryTask healed(String issue) {
    TestDatabases.run(url, "DELETE FROM spied");
    Diagnosis diagnosis = checks.run(target, version -> baselines.find(target.name(), version));
    assertThat(new Issues(store).record(target, diagnosis).await().issues()).isNotEmpty();
    List<Finding> asked =
        diagnosis.findings().stream().filter(found -> Checks.text(found).equals(issue)).toList();
    assertThat(asked).as(issue + " among " + diagnosis.findings()).hasSize(1);
    Planner planner = Proposer.planner(target, diagnosis, asked).orElseThrow();
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner).await();
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    RecoveryTask task = tasks.propose(((PlanOutcome.Planned) outcome).plan()).await().orElseThrow();
    Decision yes = new Decision("jarvis", "token", task.plan().digest(), "go", true);
    assertThat(tasks.approve(task.id(), yes).await()).isPresent();
    String worker =
        vertx
            .deployVerticle(
                new RecoveryWorkerVerticle(
                    store, List.of(target), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
            .await();
    RecoveryTask ended = untilEnded(task.id()).await();
    vertx.undeploy(worker).await();
    return ended;
  }

  private Future<RecoveryTask> untilEnded(UUID id) {
    return tasks
        .find(id)
        .compose(task ->
            task.orElseThrow().state().open()
                ? vertx.timer(50).compose(waited -> untilEnded(id))
                : Future.succeededFuture(task.get()));
  }

  /** What hostile code ran, in alphabetical order. */
  List<String> ran() {
    return TestDatabases.query(url, "SELECT DISTINCT what FROM spied ORDER BY 1");
  }

  /** Whatever ran did so as its owner, and nothing else was touched. */
  void assertConfined() {
    assertThat(TestDatabases.query(url, "SELECT DISTINCT who FROM spied"))
        .as(TestDatabases.query(url, "SELECT DISTINCT spied::text FROM spied").toString())
        .isSubsetOf(owner);
    assertThat(TestDatabases.query(url, "SELECT why FROM spied")).doesNotContain("ESCAPED");
    assertThat(TestDatabases.query(url, "SELECT number FROM secret")).containsExactly("42");
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
