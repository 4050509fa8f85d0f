package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.VersionDefinition;
import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.RecordChange;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.RepairHistory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What becomes of one version that is there in part.
 *
 * @param finding tells of it
 * @param situation what was seen
 * @param tool whose history it is
 * @param table the history, quoted
 * @param owner the role that the history belongs to
 * @param good tells what each version makes
 */
record VersionRepair(
    Finding finding,
    Situation situation,
    MigrationTool tool,
    String table,
    String owner,
    KnownGood good) {

  private static final int MOST_NAMES = 5;
  private static final String MORE = "it may do more than make objects, such as write rows";

  /** Empty where no replay told what each version makes. */
  static Optional<VersionRepair> of(Finding finding, Situation situation) {
    HistoryState history = situation.seen().history();
    Optional<MigrationTool> tool = history.tool().flatMap(MigrationTools::find);
    Optional<String> owner =
        history
            .table()
            .flatMap(table -> situation.seen().catalog().find(new Key(Kind.TABLE, table)))
            .flatMap(CatalogObject::owner);
    Optional<KnownGood> good = situation.knownGood().filter(known -> !known.versions().isEmpty());
    return tool.isPresent() && owner.isPresent() && good.isPresent()
        ? Optional.of(
            new VersionRepair(
                finding,
                situation,
                tool.get(),
                history.table().orElseThrow(),
                owner.get(),
                good.get()))
        : Optional.empty();
  }

  /** What is known of a version. */
  Optional<VersionObjects> version(String name) {
    return good.versions().stream()
        .filter(version -> tool.key(version.version()).equals(tool.key(name)))
        .findFirst();
  }

  Treatment person(String why) {
    return new Treatment.Person(finding.recommendation() + ": " + why);
  }

  /** Of a version whose record says that it broke off. */
  Treatment ofRecord(RecordState record) {
    Optional<VersionObjects> made =
        version(record.entry().version()).filter(version -> !version.creates().isEmpty());
    if (made.isEmpty()) {
      return person("no replay told of an object that it makes");
    }
    if (!made.get().definesOnly()) {
      return person(MORE);
    }
    return missing(made.get()).size() == made.get().creates().size()
        ? tool.takenBack(record, before(record))
            .<Treatment>map(
                change -> healed(Made.none(made.get()), record, change, ToolRun.WELCOME))
            .orElse(person("nothing of it is there, which the tool's own command records"))
        : completed(made.get(), record, tool.recorded(record));
  }

  private Optional<String> before(RecordState record) {
    List<String> known = situation.seen().history().disk().map(DiskState::known).orElse(List.of());
    int at = known.indexOf(record.entry().version());
    return at > 0 ? Optional.of(known.get(at - 1)) : Optional.empty();
  }

  /** Of a version that nobody recorded. */
  Treatment ofObjectsAlone(VersionObjects version) {
    List<RecordState> records = situation.seen().history().records();
    List<String> pending =
        situation.seen().history().disk().map(DiskState::pending).orElse(List.of());
    if (pending.isEmpty() || !pending.get(0).equals(version.version())) {
      return person("other versions come before it");
    }
    return records.size() == 1
        ? completed(version, records.get(0), tool.stamped(records.get(0), version.version()))
        : person("the tool's own command records it");
  }

  private Treatment completed(
      VersionObjects version, RecordState record, Optional<RecordChange> change) {
    if (!version.definesOnly()) {
      return person(MORE);
    }
    if (change.isEmpty()) {
      return person("the tool's own command records it");
    }
    List<Key> missing = missing(version);
    return notToBeCompleted(version, missing)
        .map(this::person)
        .orElseGet(() -> healed(Made.of(version, missing), record, change.get(), behind(version)));
  }

  private ToolRun behind(VersionObjects version) {
    return situation
        .seen()
        .history()
        .disk()
        .filter(disk -> disk.pending().equals(List.of(version.version())))
        .map(last -> ToolRun.NONE)
        .orElse(ToolRun.WELCOME);
  }

  // What is there must be what the version makes; what is not must be made without a long lock.
  private Optional<String> notToBeCompleted(VersionObjects version, List<Key> missing) {
    if (version.definition().isEmpty()) {
      return Optional.of("how it makes its objects is not known: other versions come before it");
    }
    List<Key> others =
        version.definition().get().objects().stream()
            .filter(object ->
                situation
                    .seen()
                    .catalog()
                    .find(object.key())
                    .filter(there -> !isSame(there, object))
                    .isPresent())
            .map(CatalogObject::key)
            .toList();
    if (!others.isEmpty()) {
      return Optional.of("these are there, and not as it makes them: " + names(others));
    }
    Set<Key> made = new HashSet<>(version.creates());
    List<Key> slow =
        version.definition().get().objects().stream()
            .filter(object -> object.kind() == Kind.INDEX && missing.contains(object.key()))
            .filter(object ->
                !made.contains(new Key(Kind.TABLE, object.parent().orElse("")))
                    && situation.seen().catalog().has(Kind.TABLE, object.parent().orElse("")))
            .map(CatalogObject::key)
            .toList();
    return slow.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "CREATE INDEX CONCURRENTLY makes these without keeping anybody waiting: "
                + names(slow));
  }

  private static boolean isSame(CatalogObject there, CatalogObject made) {
    return there.definition().equals(made.definition()) && there.valid() == made.valid();
  }

  /** Of versions that are recorded, and nothing else of them is there. */
  Treatment ofRecordsAlone(List<VersionObjects> versions) {
    if (!versions.stream().allMatch(VersionObjects::definesOnly)) {
      return person(MORE);
    }
    List<Key> keys = versions.stream().flatMap(version -> version.creates().stream()).toList();
    List<CatalogObject> gone =
        situation.losses().stream()
            .filter(loss -> keys.contains(loss.root().key()))
            .flatMap(loss -> Stream.concat(Stream.of(loss.root()), loss.symptoms().stream()))
            .distinct()
            .toList();
    return gone.isEmpty()
        ? person("known-good does not have what they make")
        : new Treatment.Heals(gone, List.of(), facts(gone), ToolRun.NONE);
  }

  private List<Key> missing(VersionObjects version) {
    return version.creates().stream()
        .filter(key -> situation.seen().catalog().find(key).isEmpty())
        .toList();
  }

  /**
   * What a plan makes of a version.
   *
   * @param version which one
   * @param there whether all of it is there afterwards, or nothing
   * @param objects what of it is made
   */
  private record Made(VersionObjects version, boolean there, List<CatalogObject> objects) {

    static Made none(VersionObjects version) {
      return new Made(version, false, List.of());
    }

    static Made of(VersionObjects version, List<Key> missing) {
      return new Made(
          version,
          true,
          version.definition().map(VersionDefinition::objects).orElse(List.of()).stream()
              .filter(object -> missing.contains(object.key()))
              .toList());
    }

    Optional<String> script() {
      return version.definition().filter(how -> !objects.isEmpty()).map(VersionDefinition::script);
    }
  }

  private Treatment healed(Made made, RecordState record, RecordChange change, ToolRun welcome) {
    String row = record.entry().row().orElse("");
    List<String> facts = new ArrayList<>(facts(made.objects()));
    facts.add("record: " + table + " " + row);
    List<String> behind = welcome == ToolRun.NONE ? List.of() : PendingMigration.behind(situation);
    facts.addAll(behind);
    RepairHistory repair =
        new RepairHistory(
            tool.name(),
            table,
            change,
            made.version().creates(),
            made.there(),
            row,
            owner,
            tool.lockKey());
    return new Treatment.Heals(
        made.objects(),
        List.of(repair),
        facts,
        behind.isEmpty() ? ToolRun.NONE : welcome,
        made.script(),
        List.of());
  }

  private static List<String> facts(List<CatalogObject> gone) {
    return gone.stream().map(object -> "gone: " + object.title()).toList();
  }

  private static String names(List<Key> keys) {
    return String.join(
        ", ",
        keys.stream().map(key -> key.kind() + " " + key.identity()).limit(MOST_NAMES).toList());
  }
}
