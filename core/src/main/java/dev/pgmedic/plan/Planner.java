package dev.pgmedic.plan;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.check.EnumRules;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes the smallest plan that heals a set of findings. Pure: the same input gives the same plan,
 * in every process.
 *
 * <p>All that proposes itself on a target goes into one plan, because all of it runs under the one
 * migration lock.
 */
public final class Planner {

  private final Target target;
  private final Observation seen;
  private final Optional<KnownGood> knownGood;
  private final List<Finding> healed;

  /**
   * A planner for what one check saw.
   *
   * @param findings all findings of the check; those that cannot be healed are left out
   */
  public Planner(
      Target target, Observation seen, Optional<KnownGood> knownGood, List<Finding> findings) {
    this.target = target;
    this.seen = seen;
    this.knownGood = knownGood;
    this.healed = findings.stream().filter(this::healable).toList();
  }

  private boolean healable(Finding finding) {
    return switch (finding.code()) {
      case LOCK_ORPHANED, ENUM_LEFTOVER, ENUM_VALUE_MISSING -> true;
      case TABLE_MISSING, ENUM_MISSING -> losses().stream().anyMatch(l -> explains(l, finding));
      default -> false;
    };
  }

  private static boolean explains(Loss loss, Finding finding) {
    return loss.root().identity().equals(finding.subject())
        && (loss.root().kind() == Kind.TABLE || loss.root().kind() == Kind.ENUM);
  }

  private List<Loss> losses() {
    return knownGood.map(good -> Loss.between(good.catalog(), seen.catalog())).orElse(List.of());
  }

  /** The findings that a plan would heal, in the order of the check. */
  public List<Finding> healed() {
    return healed;
  }

  /** The objects that a plan would rebuild: the caller gets their definitions. */
  public List<CatalogObject> wanted() {
    return losses().stream()
        .filter(loss -> healed.stream().anyMatch(finding -> explains(loss, finding)))
        .flatMap(loss ->
            java.util.stream.Stream.concat(
                java.util.stream.Stream.of(loss.root()), loss.symptoms().stream()))
        .toList();
  }

  /**
   * A hash of exactly the facts that a plan's steps rely on: what is gone, what it rests on, the
   * versions and the holders. No ages, counts or statistics.
   */
  public String fingerprint() {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("identity", seen.identity());
    facts.put("heals", healed.stream().map(Finding::key).map(Planner::text).sorted().toList());
    facts.put("versions", seen.history().versions());
    facts.put("gone", wanted().stream().map(CatalogObject::title).sorted().toList());
    facts.put("rests_on", restsOn());
    facts.put("holders", orphans().map(lock -> List.of(lock.pid(), lock.backendStart())).toList());
    return Json.digest(facts);
  }

  private static String text(Finding.Key key) {
    return key.code() + " " + key.subject();
  }

  private List<String> restsOn() {
    Set<String> names = new TreeSet<>();
    for (CatalogObject object : wanted()) {
      names.addAll(object.needs());
      object.parent().ifPresent(names::add);
    }
    healed.forEach(finding -> names.add(finding.subject()));
    return seen.catalog().objects().stream()
        .filter(object -> names.contains(object.identity()))
        .map(object -> object.title() + " = " + object.definition())
        .sorted()
        .toList();
  }

  private java.util.stream.Stream<AdvisoryLock> orphans() {
    return seen.locks().stream().filter(lock -> lock.verdict(seen.lockPause()) == Verdict.ORPHANED);
  }

  /**
   * Makes the plan.
   *
   * @param definitions SQL that makes {@link #wanted()}, in dependency order; empty when nothing is
   *     wanted
   */
  public PlanOutcome plan(String definitions) {
    if (healed.isEmpty()) {
      return new PlanOutcome.NotHealable("no finding here can be healed by a plan");
    }
    List<Action> actions = new ArrayList<>();
    orphans().forEach(lock -> actions.add(release(lock)));
    leftovers().ifPresent(actions::add);
    healed.stream()
        .filter(finding -> finding.code() == IssueCode.ENUM_VALUE_MISSING)
        .forEach(finding -> actions.add(labels(finding)));
    if (!wanted().isEmpty()) {
      Optional<String> broken = nameWithLineBreak();
      if (broken.isPresent()) {
        return new PlanOutcome.NotHealable(
            "a name with a line break could not be told from SQL: " + Sql.literal(broken.get()));
      }
      Set<String> owners =
          wanted().stream().flatMap(o -> o.owner().stream()).collect(Collectors.toSet());
      if (owners.size() != 1) {
        return new PlanOutcome.NotHealable(
            "the missing objects belong to several owners: " + new TreeSet<>(owners));
      }
      RebuildScript script = RebuildScript.of(definitions, owners.iterator().next(), madeTables());
      if (script.refused().isPresent()) {
        return new PlanOutcome.NotHealable(
            "the generated SQL could lose something and is refused: " + script.refused().get());
      }
      actions.add(rebuild(owners.iterator().next(), script));
    }
    target
        .recovery()
        .map(Recovery::restart)
        .orElse(List.of())
        .forEach(command -> actions.add(new RestartService(command)));
    actions.add(new Verify());
    return new PlanOutcome.Planned(
        RecoveryPlan.of(target.name(), seen.identity(), fingerprint(), content(actions)));
  }

  // The generated SQL names dependents in comments that end with their line.
  private Optional<String> nameWithLineBreak() {
    return java.util.stream.Stream.concat(
            knownGood.stream().flatMap(good -> good.catalog().objects().stream()),
            seen.catalog().objects().stream())
        .map(CatalogObject::identity)
        .filter(name -> name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0)
        .findFirst();
  }

  private RecoveryPlan.Content content(List<Action> actions) {
    List<Step> steps = new ArrayList<>();
    for (Action action : actions) {
      Duration timeout =
          switch (action) {
            case Verify verify -> target.deadlines().check();
            case RestartService restart -> target.deadlines().command();
            default -> target.deadlines().statement();
          };
      steps.add(new Step(steps.size() + 1, title(action), timeout, action));
    }
    return new RecoveryPlan.Content(
        summary(actions), healed.stream().map(Finding::key).toList(), dataLoss(), steps);
  }

  private Set<String> madeTables() {
    return wanted().stream()
        .filter(object -> object.kind() == Kind.TABLE)
        .map(CatalogObject::identity)
        .collect(Collectors.toSet());
  }

  private ReleaseLock release(AdvisoryLock lock) {
    return new ReleaseLock(
        lock.key(), lock.pid(), lock.backendStart().orElseThrow(), seen.lockPause());
  }

  private Optional<Quarantine> leftovers() {
    List<Quarantine.Type> types =
        healed.stream()
            .filter(finding -> finding.code() == IssueCode.ENUM_LEFTOVER)
            .flatMap(f -> seen.catalog().find(new Key(Kind.ENUM, f.subject())).stream())
            .map(Planner::type)
            .toList();
    String name = "pgmedic_q_" + fingerprint().substring(7, 15);
    return types.isEmpty() ? Optional.empty() : Optional.of(new Quarantine(name, types));
  }

  private static Quarantine.Type type(CatalogObject found) {
    List<String> parts = Sql.parts(found.identity());
    return new Quarantine.Type(parts.get(0), parts.get(1), found.owner().orElse(""));
  }

  private EnsureEnum labels(Finding finding) {
    Key key = new Key(Kind.ENUM, finding.subject());
    List<String> present = EnumRules.labels(seen.catalog().find(key).orElseThrow());
    List<String> expected = wantedLabels(finding);
    List<String> wanted = new ArrayList<>(present);
    for (int i = 0; i < expected.size(); i++) {
      if (!wanted.contains(expected.get(i))) {
        wanted.add(i == 0 ? 0 : wanted.indexOf(expected.get(i - 1)) + 1, expected.get(i));
      }
    }
    return new EnsureEnum(finding.subject(), present, wanted);
  }

  private List<String> wantedLabels(Finding finding) {
    Object expected = finding.evidence().get("expected");
    return expected instanceof List<?> labels
        ? labels.stream().map(String::valueOf).toList()
        : List.of();
  }

  private RebuildObjects rebuild(String role, RebuildScript script) {
    List<String> locks =
        wanted().stream()
            .filter(object -> object.kind() == Kind.CONSTRAINT)
            .flatMap(object ->
                java.util.stream.Stream.concat(object.parent().stream(), object.needs().stream()))
            .filter(name -> seen.catalog().has(Kind.TABLE, name))
            .distinct()
            .sorted()
            .map(name -> "SHARE ROW EXCLUSIVE on " + name)
            .toList();
    return new RebuildObjects(
        role, wanted().stream().map(CatalogObject::key).toList(), script.text(), locks);
  }

  private List<DataLoss> dataLoss() {
    Map<String, RowEstimate> rows = knownGood.map(KnownGood::rows).orElse(Map.of());
    Set<String> tables = madeTables();
    return wanted().stream()
        .filter(object -> losesRows(object, tables))
        .map(object -> {
          String table = object.parent().orElse(object.identity());
          Optional<RowEstimate> seenRows = Optional.ofNullable(rows.get(table));
          return new DataLoss(
              object.identity(),
              seenRows.map(RowEstimate::rows).orElse(0L),
              seenRows.map(RowEstimate::seenAt));
        })
        .toList();
  }

  private static boolean losesRows(CatalogObject object, Set<String> madeTables) {
    return object.kind() == Kind.TABLE
        || (object.kind() == Kind.COLUMN && !madeTables.contains(object.parent().orElse("")));
  }

  private String summary(List<Action> actions) {
    String what =
        actions.stream()
            .filter(action -> !(action instanceof Verify))
            .map(Planner::title)
            .collect(Collectors.joining("; "));
    String lost =
        dataLoss().stream()
            .map(loss -> loss.object() + " (about " + loss.rowsEstimate() + " rows)")
            .collect(Collectors.joining(", "));
    return what + (lost.isEmpty() ? "" : ". Comes back EMPTY: " + lost);
  }

  private static String title(Action action) {
    return switch (action) {
      case ReleaseLock lock -> "Release the orphaned lock of session " + lock.pid();
      case Quarantine moved ->
          "Move the leftover "
              + moved.types().stream()
                  .map(Quarantine.Type::identity)
                  .collect(Collectors.joining(", "))
              + " to schema "
              + moved.schema();
      case EnsureEnum labels -> "Add the missing labels of " + labels.name();
      case RebuildObjects rebuilt ->
          "Rebuild "
              + rebuilt.objects().stream()
                  .filter(key -> key.kind() == Kind.TABLE || key.kind() == Kind.ENUM)
                  .map(Key::identity)
                  .collect(Collectors.joining(", "))
              + " from known-good";
      case RestartService restart -> "Restart: " + String.join(" ", restart.command());
      case Verify verify -> "Verify with a fresh check";
    };
  }
}
