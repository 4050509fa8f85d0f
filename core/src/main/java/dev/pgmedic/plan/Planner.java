package dev.pgmedic.plan;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.json.Json;
import dev.pgmedic.plan.Scan.Work;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.Phase;
import dev.pgmedic.plan.action.RestartService;
import dev.pgmedic.plan.action.Verify;
import dev.pgmedic.plan.remedy.Remedy;
import dev.pgmedic.plan.remedy.Restored;
import dev.pgmedic.plan.remedy.Situation;
import dev.pgmedic.plan.remedy.ToolRun;
import dev.pgmedic.plan.remedy.Treatment;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the smallest plan that heals a set of findings: it asks the remedy of each, joins what they
 * want from known-good, puts the steps into the order in which they run, and hashes them. Pure: the
 * same input gives the same plan, in every process.
 */
public final class Planner {

  private final Situation situation;
  private final Map<Finding, Treatment> treatments = new LinkedHashMap<>();

  /**
   * A planner for what one check saw.
   *
   * @param findings what is to be healed; those that cannot be are left out
   */
  public Planner(
      Target target, Observation seen, Optional<KnownGood> knownGood, List<Finding> findings) {
    this.situation = Situation.of(target, seen, knownGood);
    findings.forEach(
        finding -> treatments.put(finding, Remedy.of(finding.code()).treat(finding, situation)));
  }

  /** The findings that a plan would heal, in the order of the check. */
  public List<Finding> healed() {
    return treatments.entrySet().stream()
        .filter(treated -> treated.getValue() instanceof Treatment.Heals)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What a person must decide, one sentence for each finding that no plan heals. */
  public List<String> decisions() {
    return treatments.values().stream()
        .filter(Treatment.Person.class::isInstance)
        .map(treatment -> ((Treatment.Person) treatment).decision())
        .distinct()
        .toList();
  }

  private Stream<Treatment.Heals> healing() {
    return treatments.values().stream()
        .filter(Treatment.Heals.class::isInstance)
        .map(Treatment.Heals.class::cast);
  }

  /** The objects that a plan would rebuild: the caller gets their definitions. */
  public List<CatalogObject> wanted() {
    return healing().flatMap(heals -> heals.rebuilt().stream()).distinct().toList();
  }

  /** SQL that makes {@link #wanted()}, where known-good's does not make all of it. */
  public Optional<String> script() {
    return healing().flatMap(heals -> heals.script().stream()).findFirst();
  }

  /** The tables that a plan would make anew with their rows: the caller gets their definitions. */
  public List<Restored> restored() {
    return healing().flatMap(heals -> heals.restored().stream()).distinct().toList();
  }

  /** The rows that a plan's steps would have to read all of. */
  public List<Scan> scans() {
    Catalog seen = situation.seen().catalog();
    Stream<Scan> made =
        wanted().stream()
            .filter(object -> object.kind() == Kind.INDEX || object.kind() == Kind.CONSTRAINT)
            .flatMap(object -> object.parent().stream())
            .filter(table -> seen.has(Kind.TABLE, table) || seen.has(Kind.MATERIALIZED_VIEW, table))
            .map(table -> new Scan(table, Work.READ));
    Stream<Scan> restored = restored().stream().map(one -> new Scan(one.table(), Work.COPY));
    Stream<Scan> others =
        healing()
            .flatMap(heals -> heals.actions().stream())
            .flatMap(action -> action.reads().stream())
            .map(relation -> new Scan(relation, Work.READ));
    return Stream.of(made, restored, others).flatMap(scans -> scans).distinct().toList();
  }

  /**
   * A hash of exactly the facts that a plan's steps rely on: what is gone, what it rests on, the
   * versions and the holders. No ages, counts or statistics.
   */
  public String fingerprint() {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("identity", situation.seen().identity());
    facts.put("heals", healed().stream().map(Finding::key).map(Planner::text).sorted().toList());
    if (healing().flatMap(heals -> heals.actions().stream()).anyMatch(Planner::restsOnVersions)
        || !wanted().isEmpty()
        || !restored().isEmpty()) {
      facts.put("versions", situation.seen().history().versions());
    }
    facts.put("facts", healing().flatMap(h -> h.facts().stream()).distinct().sorted().toList());
    return Json.digest(facts);
  }

  // Who ends a session makes way for whatever runs, and that goes on meanwhile.
  private static boolean restsOnVersions(Action action) {
    return action.type().phase() != Phase.WITHOUT_LOCK;
  }

  private static String text(Finding.Key key) {
    return key.code() + " " + key.subject();
  }

  /** Whether the migration tool is to run behind the other steps. */
  public ToolRun tool() {
    return healing().map(Treatment.Heals::tool).max(Comparator.naturalOrder()).orElse(ToolRun.NONE);
  }

  /**
   * SQL for what a plan wants to be made.
   *
   * @param missing SQL that makes {@link #wanted()}, in dependency order; empty when nothing is
   *     wanted
   * @param anew SQL that makes {@link #restored()} from nothing; empty when there is none
   * @param byHand what of it only another role than the owner may make, in sentences
   */
  public record Definitions(String missing, String anew, List<String> byHand) {

    /** Where nothing is to be made. */
    public static final Definitions NONE = new Definitions("", "", List.of());

    /** Copies the list. */
    public Definitions {
      byHand = List.copyOf(byHand);
    }
  }

  /** As {@link #plan(Definitions, Upgrade)} where the tool need not run. */
  public PlanOutcome plan(String definitions) {
    return plan(new Definitions(definitions, "", List.of()), new Upgrade.Unwanted());
  }

  /**
   * Makes the plan.
   *
   * @param definitions what the plan wants to be made
   * @param upgrade who runs the migration tool, when {@link #tool()} says so
   */
  public PlanOutcome plan(Definitions definitions, Upgrade upgrade) {
    if (tool() == ToolRun.NEEDED && upgrade instanceof Upgrade.ByPerson person) {
      return new PlanOutcome.NotHealable(person.why());
    }
    if (healed().isEmpty()) {
      return new PlanOutcome.NotHealable(
          decisions().isEmpty()
              ? "no finding here can be healed by a plan"
              : String.join("; ", decisions()));
    }
    Rebuilding rebuilding = Rebuilding.of(situation, wanted(), definitions.missing());
    return rebuilding
        .refusal()
        .<PlanOutcome>map(PlanOutcome.NotHealable::new)
        .orElseGet(() -> planned(rebuilding, definitions, upgrade));
  }

  private PlanOutcome planned(Rebuilding rebuilding, Definitions definitions, Upgrade upgrade) {
    List<Action> actions =
        Stream.of(
                healing().flatMap(heals -> heals.actions().stream()).distinct(),
                rebuilding.actions().stream(),
                restored().stream().map(table -> RestoreScript.step(table, definitions.anew())),
                upgraded(upgrade),
                restarts(),
                Stream.of(new Verify()))
            .<Action>flatMap(some -> some)
            .sorted(Comparator.comparing(Action::type))
            .toList();
    Target target = situation.target();
    return new PlanOutcome.Planned(
        RecoveryPlan.of(
            target.name(),
            situation.seen().identity(),
            fingerprint(),
            new RecoveryPlan.Content(
                summary(actions, rebuilding.dataLoss())
                    + leftOut(definitions.byHand())
                    + afterwards(upgrade),
                healed().stream().map(Finding::key).toList(),
                rebuilding.dataLoss(),
                steps(actions))));
  }

  private static Stream<Action> upgraded(Upgrade upgrade) {
    return upgrade instanceof Upgrade.ByTool tool ? Stream.of(tool.step()) : Stream.of();
  }

  private static String leftOut(List<String> byHand) {
    return byHand.isEmpty() ? "" : ". Left to a person: " + String.join("; ", byHand);
  }

  private static String afterwards(Upgrade upgrade) {
    return upgrade instanceof Upgrade.ByPerson person
        ? ". Then a person runs the migrations: " + person.why()
        : "";
  }

  private Stream<Action> restarts() {
    return situation.target().recovery().map(Recovery::restart).orElse(List.of()).stream()
        .map(RestartService::new);
  }

  private List<Step> steps(List<Action> actions) {
    List<Step> steps = new ArrayList<>();
    for (Action action : actions) {
      steps.add(
          new Step(
              steps.size() + 1,
              action.title(),
              action.timeout(situation.target().deadlines()),
              action));
    }
    return steps;
  }

  private static String summary(List<Action> actions, List<DataLoss> losses) {
    String what =
        actions.stream()
            .filter(action -> !(action instanceof Verify))
            .map(Action::title)
            .collect(Collectors.joining("; "));
    String lost =
        losses.stream()
            .map(loss -> loss.object() + " (" + loss.rows() + ")")
            .collect(Collectors.joining(", "));
    return what + (lost.isEmpty() ? "" : ". Comes back EMPTY: " + lost);
  }
}
