package dev.pgmedic.plan;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.Change;
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
 * What a plan makes anew, or makes another, from known-good.
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
   * @param wanted the objects as they shall be
   * @param definitions SQL that makes them, in dependency order
   */
  static Rebuilding of(Situation situation, List<CatalogObject> wanted, String definitions) {
    if (wanted.isEmpty()) {
      return NOTHING;
    }
    List<CatalogObject> missing = wanted.stream().filter(o -> !isThere(situation, o)).toList();
    Set<String> owners =
        wanted.stream()
            .flatMap(object -> owner(situation, object).stream())
            .collect(Collectors.toSet());
    RebuildScript script = RebuildScript.of(definitions, scope(wanted, missing));
    return nameWithLineBreak(situation)
        .map(name -> "a name with a line break could not be told from SQL: " + Sql.literal(name))
        .or(() ->
            Optional.of("the objects belong to several owners: " + new TreeSet<>(owners))
                .filter(several -> owners.size() != 1))
        .or(script::refused)
        .map(Rebuilding::refused)
        .orElseGet(() ->
            new Rebuilding(
                List.of(
                    new RebuildObjects(
                        owners.iterator().next(),
                        missing.stream().map(CatalogObject::key).toList(),
                        changes(situation, wanted),
                        statements(script, missing),
                        locks(situation, wanted))),
                dataLoss(situation, missing),
                Optional.empty()));
  }

  private static List<String> statements(RebuildScript script, List<CatalogObject> missing) {
    boolean numbered = missing.stream().anyMatch(object -> object.kind() == Kind.SEQUENCE);
    return numbered && !tables(missing).isEmpty()
        ? Stream.concat(script.statements().stream(), Stream.of(Continued.in(tables(missing))))
            .toList()
        : script.statements();
  }

  private static RebuildScript.Scope scope(
      List<CatalogObject> wanted, List<CatalogObject> missing) {
    Set<String> columns =
        wanted.stream()
            .filter(object -> object.kind() == Kind.COLUMN)
            .map(CatalogObject::identity)
            .collect(Collectors.toSet());
    return new RebuildScript.Scope(
        tables(missing), columns, missing.isEmpty() && columns.size() == wanted.size());
  }

  private static boolean isThere(Situation situation, CatalogObject object) {
    return situation.seen().catalog().find(object.key()).isPresent();
  }

  private static List<Change> changes(Situation situation, List<CatalogObject> wanted) {
    return wanted.stream()
        .flatMap(object ->
            situation
                .seen()
                .catalog()
                .find(object.key())
                .map(found -> new Change(object.key(), found.definition(), object.definition()))
                .stream())
        .toList();
  }

  // A part of a table is its owner's.
  private static Optional<String> owner(Situation situation, CatalogObject object) {
    return object
        .owner()
        .or(() -> object.parent().flatMap(name -> owner(situation.seen().catalog(), name)))
        .or(() ->
            object
                .parent()
                .flatMap(
                    name -> situation.knownGood().flatMap(good -> owner(good.catalog(), name))));
  }

  private static Optional<String> owner(Catalog catalog, String table) {
    return catalog
        .find(new Key(Kind.TABLE, table))
        .or(() -> catalog.find(new Key(Kind.MATERIALIZED_VIEW, table)))
        .or(() -> catalog.find(new Key(Kind.VIEW, table)))
        .flatMap(CatalogObject::owner);
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
    return wanted.stream().flatMap(object -> locks(situation, object)).distinct().sorted().toList();
  }

  private static Stream<String> locks(Situation situation, CatalogObject object) {
    Stream<String> tables =
        object.kind() == Kind.CONSTRAINT
            ? Stream.concat(object.parent().stream(), object.needs().stream())
            : object.parent().or(() -> Optional.of(object.identity())).stream();
    String level =
        switch (object.kind()) {
          case CONSTRAINT, TRIGGER -> "SHARE ROW EXCLUSIVE on ";
          case INDEX -> "SHARE on ";
          default -> "ACCESS EXCLUSIVE on ";
        };
    return tables
        .filter(name ->
            Stream.of(Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)
                .anyMatch(kind -> situation.seen().catalog().has(kind, name)))
        .map(name -> level + name);
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
