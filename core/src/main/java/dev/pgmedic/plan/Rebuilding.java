package dev.pgmedic.plan;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.RebuildObjects;
import dev.pgmedic.plan.remedy.Situation;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a plan makes anew from known-good.
 *
 * @param actions the steps that do it
 * @param dataLoss what comes back without its rows
 * @param refusal why it cannot be made so, in one sentence; absent when it can
 */
record Rebuilding(List<Action> actions, List<DataLoss> dataLoss, Optional<String> refusal) {

  private static final Rebuilding NOTHING = new Rebuilding(List.of(), List.of(), Optional.empty());

  /**
   * Plans it.
   *
   * @param wanted the objects that are made
   * @param definitions SQL that makes them, in dependency order
   */
  static Rebuilding of(Situation situation, List<CatalogObject> wanted, String definitions) {
    if (wanted.isEmpty()) {
      return NOTHING;
    }
    Set<String> owners =
        wanted.stream().flatMap(object -> object.owner().stream()).collect(Collectors.toSet());
    RebuildScript script = RebuildScript.of(definitions, tables(wanted));
    return nameWithLineBreak(situation)
        .map(name ->
            refused("a name with a line break could not be told from SQL: " + Sql.literal(name)))
        .or(() ->
            owners.size() == 1
                ? Optional.empty()
                : Optional.of(
                    refused(
                        "the missing objects belong to several owners: " + new TreeSet<>(owners))))
        .or(() ->
            script
                .refused()
                .map(statement ->
                    refused("the generated SQL could lose something and is refused: " + statement)))
        .orElseGet(() ->
            new Rebuilding(
                List.of(
                    new RebuildObjects(
                        owners.iterator().next(),
                        wanted.stream().map(CatalogObject::key).toList(),
                        script.statements(),
                        locks(situation, wanted))),
                dataLoss(situation, wanted),
                Optional.empty()));
  }

  private static Rebuilding refused(String why) {
    return new Rebuilding(List.of(), List.of(), Optional.of(why));
  }

  // The generated SQL names dependents in comments that end with their line.
  private static Optional<String> nameWithLineBreak(Situation situation) {
    return Stream.concat(
            situation.knownGood().stream().flatMap(good -> good.catalog().objects().stream()),
            situation.seen().catalog().objects().stream())
        .map(CatalogObject::identity)
        .filter(name -> name.indexOf('\n') >= 0 || name.indexOf('\r') >= 0)
        .findFirst();
  }

  private static Set<String> tables(List<CatalogObject> wanted) {
    return wanted.stream()
        .filter(object -> object.kind() == Kind.TABLE)
        .map(CatalogObject::identity)
        .collect(Collectors.toSet());
  }

  private static List<String> locks(Situation situation, List<CatalogObject> wanted) {
    return wanted.stream()
        .filter(object -> object.kind() == Kind.CONSTRAINT)
        .flatMap(object -> Stream.concat(object.parent().stream(), object.needs().stream()))
        .filter(name -> situation.seen().catalog().has(Kind.TABLE, name))
        .distinct()
        .sorted()
        .map(name -> "SHARE ROW EXCLUSIVE on " + name)
        .toList();
  }

  private static List<DataLoss> dataLoss(Situation situation, List<CatalogObject> wanted) {
    Map<String, RowEstimate> rows = situation.knownGood().map(KnownGood::rows).orElse(Map.of());
    Set<String> tables = tables(wanted);
    return wanted.stream()
        .filter(object -> losesRows(object, tables) && wasThere(situation, object))
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

  // What a version that broke off was to make never had a row.
  private static boolean wasThere(Situation situation, CatalogObject object) {
    return situation
        .knownGood()
        .map(good -> good.catalog().find(object.key()).isPresent())
        .orElse(true);
  }

  private static boolean losesRows(CatalogObject object, Set<String> madeTables) {
    return object.kind() == Kind.TABLE
        || (object.kind() == Kind.COLUMN && !madeTables.contains(object.parent().orElse("")));
  }
}
