package dev.pgmedic.proposal;

import dev.pgmedic.catalog.Addenda;
import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.SchemaDefinition;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Observation;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.Planner.Definitions;
import dev.pgmedic.plan.Upgrade;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.plan.remedy.Restored;
import dev.pgmedic.plan.remedy.ToolRun;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes plans for what checks found. */
public final class Proposer {

  private static final Set<IssueCode> SESSIONS =
      Set.of(IssueCode.SESSION_BLOCKING, IssueCode.SESSION_IDLE_IN_TRANSACTION);

  private final Vertx vertx;

  /** A proposer that reads definitions on Vert.x's worker threads. */
  public Proposer(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * A planner for findings of a diagnosis; empty when the target was not to be seen or nothing of
   * what was found can be healed. While a migration is at work, and where nobody read the schema,
   * only sessions can be ended: of the rest nobody knows how it is.
   */
  public static Optional<Planner> planner(
      Target target, Diagnosis diagnosis, List<Finding> findings) {
    return diagnosis
        .observation()
        .filter(seen -> !seen.migrationAtWork())
        .map(seen -> new Planner(target, seen, diagnosis.knownGood(), findings))
        .or(() ->
            diagnosis
                .glance()
                .map(seen -> new Observation(seen, Catalog.EMPTY, Map.of()))
                .map(seen -> new Planner(target, seen, Optional.empty(), sessions(findings))))
        .filter(planner -> !planner.healed().isEmpty());
  }

  /** What a person must decide about findings that no plan heals, in sentences. */
  public static String decisions(Target target, Diagnosis diagnosis, List<Finding> findings) {
    return diagnosis
        .observation()
        .map(seen ->
            String.join(
                "; ", new Planner(target, seen, diagnosis.knownGood(), findings).decisions()))
        .orElse("");
  }

  private static List<Finding> sessions(List<Finding> findings) {
    return findings.stream().filter(finding -> SESSIONS.contains(finding.code())).toList();
  }

  /**
   * Makes a plan.
   *
   * <p>Completes with the outcome; fails with {@link IOException} when the definitions cannot be
   * read within the target's check deadline. Reads only, with {@code lock_timeout = 100ms}, and
   * hashes the migrations' files where the tool is to run.
   */
  public Future<PlanOutcome> plan(Target target, Diagnosis diagnosis, Planner planner) {
    return Fitness.refusal(vertx, target, planner)
        .compose(refusal ->
            refusal
                .map(why -> Future.<PlanOutcome>succeededFuture(new PlanOutcome.NotHealable(why)))
                .orElseGet(() -> planned(target, diagnosis, planner)));
  }

  private Future<PlanOutcome> planned(Target target, Diagnosis diagnosis, Planner planner) {
    return definitions(target, diagnosis, planner)
        .compose(definitions ->
            upgrade(target, diagnosis, planner.tool())
                .map(upgrade -> planner.plan(definitions, upgrade)));
  }

  private Future<Definitions> definitions(Target target, Diagnosis diagnosis, Planner planner) {
    List<CatalogObject> wanted = planner.wanted();
    List<String> tables = planner.restored().stream().map(Restored::table).toList();
    if (wanted.isEmpty() && tables.isEmpty()) {
      return Future.succeededFuture(Definitions.NONE);
    }
    String knownGood = diagnosis.knownGood().map(KnownGood::script).orElse("");
    String script = planner.script().orElse(knownGood);
    return vertx.executeBlocking(
        () -> {
          String anew = tables.isEmpty() ? "" : SchemaDefinition.anew(knownGood, tables);
          return wanted.isEmpty()
              ? new Definitions("", anew, List.of())
              : definitions(target, script, wanted, anew);
        },
        false);
  }

  private static Definitions definitions(
      Target target, String script, List<CatalogObject> wanted, String anew) throws IOException {
    Duration limit = target.deadlines().check();
    Addenda.Given addenda = SchemaDefinition.addenda(target.url(), script, wanted, limit);
    return new Definitions(
        SchemaDefinition.missing(target.url(), script, wanted, limit)
            + "\n"
            + String.join("\n", addenda.statements()),
        anew,
        addenda.byHand());
  }

  private Future<Upgrade> upgrade(Target target, Diagnosis diagnosis, ToolRun wanted) {
    Optional<MigrationTool> tool =
        diagnosis.glance().flatMap(seen -> seen.history().tool()).flatMap(MigrationTools::find);
    if (wanted == ToolRun.NONE || tool.isEmpty()) {
      return Future.succeededFuture(new Upgrade.Unwanted());
    }
    List<String> look = tool.get().readOnly(target.migrations().upgrade());
    return Pinning.upgrade(vertx, target.migrations())
        .<Upgrade>map(pinned -> new Upgrade.ByTool(new RunTool(tool.get().name(), pinned, look)))
        .otherwise(error -> new Upgrade.ByPerson(String.valueOf(error.getMessage())));
  }
}
