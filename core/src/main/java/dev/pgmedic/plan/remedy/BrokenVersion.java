package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.RecordChange;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.RepairHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the record of a migration fit what is there of it, where a replay told which objects it
 * makes: all of them there means that it ran, none of them that it did not. What is there in half
 * is a person's, and so is a migration that may have written rows, since nobody can see whether it
 * did.
 */
final class BrokenVersion implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    HistoryState history = situation.seen().history();
    Optional<Bench> bench = Bench.of(situation);
    if (bench.isEmpty()) {
      return person(finding, "no replay told what each version makes");
    }
    Optional<RecordState> broken =
        history.records().stream()
            .filter(record -> !(record instanceof RecordState.Applied))
            .filter(record -> finding.subject().equals(bench.get().subject(record)))
            .reduce((older, newer) -> newer);
    if (broken.isPresent()) {
      return bench.get().settled(finding, broken.get());
    }
    List<VersionObjects> versions = bench.get().versions(finding);
    if (versions.isEmpty()) {
      return person(finding, "no replay told what it makes");
    }
    return Boolean.TRUE.equals(finding.evidence().get("recorded"))
        ? bench.get().made(finding, versions)
        : bench.get().stamped(finding, versions.get(0));
  }

  private static Treatment person(Finding finding, String why) {
    return new Treatment.Person(finding.recommendation() + ": " + why);
  }

  /** All that is known of a history whose versions a replay made. */
  private record Bench(
      Situation situation, MigrationTool tool, String table, String owner, KnownGood good) {

    static Optional<Bench> of(Situation situation) {
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
              new Bench(situation, tool.get(), history.table().get(), owner.get(), good.get()))
          : Optional.empty();
    }

    String subject(RecordState record) {
      return table + " " + record.entry().version();
    }

    Optional<VersionObjects> version(String name) {
      return good.versions().stream()
          .filter(version -> tool.key(version.version()).equals(tool.key(name)))
          .findFirst();
    }

    List<VersionObjects> versions(Finding finding) {
      return finding.evidence().get("versions") instanceof List<?> names
          ? names.stream().flatMap(name -> version(name.toString()).stream()).toList()
          : List.of();
    }

    private boolean isThere(Key key) {
      return situation.seen().catalog().find(key).isPresent();
    }

    /** A record that says that it broke off. */
    Treatment settled(Finding finding, RecordState record) {
      Optional<VersionObjects> made =
          version(record.entry().version()).filter(version -> !version.creates().isEmpty());
      if (made.isEmpty()) {
        return person(finding, "no replay told of an object that it makes");
      }
      List<Key> missing = made.get().creates().stream().filter(key -> !isThere(key)).toList();
      if (missing.size() == made.get().creates().size()) {
        return tool.takenBack(record, before(record))
            .map(change -> repaired(record, change, ToolRun.WELCOME))
            .orElse(person(finding, "nothing of it is there; the tool's own command says so"));
      }
      if (!missing.isEmpty()) {
        return person(finding, "of it, these are not there: " + names(missing));
      }
      if (!made.get().definesOnly()) {
        return person(
            finding,
            "all objects of it are there, but it may do more than make them, such as write rows");
      }
      return tool.recorded(record)
          .map(change -> repaired(record, change, ToolRun.NONE))
          .orElse(person(finding, "all of it is there; the tool's own command says so"));
    }

    private Optional<String> before(RecordState record) {
      List<String> known =
          situation.seen().history().disk().map(disk -> disk.known()).orElse(List.of());
      int at = known.indexOf(record.entry().version());
      return at > 0 ? Optional.of(known.get(at - 1)) : Optional.empty();
    }

    /** Objects that nobody recorded. */
    Treatment stamped(Finding finding, VersionObjects version) {
      List<Key> missing = version.creates().stream().filter(key -> !isThere(key)).toList();
      List<String> pending =
          situation.seen().history().disk().map(disk -> disk.pending()).orElse(List.of());
      if (!missing.isEmpty()) {
        return person(finding, "of it, these are not there: " + names(missing));
      }
      if (!version.definesOnly()) {
        return person(finding, "it may do more than make them, such as write rows");
      }
      if (pending.isEmpty() || !pending.get(0).equals(version.version())) {
        return person(finding, "other versions come before it");
      }
      List<RecordState> records = situation.seen().history().records();
      return records.size() == 1
          ? tool.stamped(records.get(0), version.version())
              .map(change -> repaired(records.get(0), change, ToolRun.WELCOME))
              .orElse(person(finding, "the tool's own command records it"))
          : person(finding, "the tool's own command records it");
    }

    /** Records without objects. */
    Treatment made(Finding finding, List<VersionObjects> versions) {
      if (!versions.stream().allMatch(VersionObjects::definesOnly)) {
        return person(finding, "they may do more than make them, such as write rows");
      }
      List<Key> keys = versions.stream().flatMap(version -> version.creates().stream()).toList();
      List<CatalogObject> gone =
          situation.losses().stream()
              .filter(loss -> keys.contains(loss.root().key()))
              .flatMap(loss -> Stream.concat(Stream.of(loss.root()), symptoms(loss)))
              .distinct()
              .toList();
      List<String> facts = new ArrayList<>();
      gone.forEach(object -> facts.add("gone: " + object.title()));
      return gone.isEmpty()
          ? person(finding, "known-good does not have them")
          : new Treatment.Heals(gone, List.of(), facts, ToolRun.NONE);
    }

    private static Stream<CatalogObject> symptoms(Loss loss) {
      return loss.symptoms().stream();
    }

    private Treatment repaired(RecordState record, RecordChange change, ToolRun welcome) {
      String version = record.entry().row().orElse("");
      List<String> facts = new ArrayList<>(List.of("record: " + table + " " + version));
      List<String> pending =
          welcome == ToolRun.NONE ? List.of() : PendingMigration.behind(situation);
      facts.addAll(pending);
      return new Treatment.Heals(
          List.of(),
          List.of(new RepairHistory(tool.name(), table, change, version, owner, tool.lockKey())),
          facts,
          pending.isEmpty() ? ToolRun.NONE : welcome);
    }

    private static String names(List<Key> keys) {
      return String.join(
          ", ", keys.stream().map(key -> key.kind() + " " + key.identity()).limit(5).toList());
    }
  }
}
