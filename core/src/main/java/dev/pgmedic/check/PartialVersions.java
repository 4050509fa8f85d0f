package dev.pgmedic.check;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a version whose record and objects do not fit, where a replay told which objects each
 * version makes. A version of which something was seen here before did its work: what is gone of it
 * now is gone, and is not told here.
 */
final class PartialVersions {

  private static final Set<Kind> OWN =
      EnumSet.of(Kind.TABLE, Kind.ENUM, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.FUNCTION);

  private final Observation seen;
  private final KnownGood good;
  private final String subject;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Key> told = new HashSet<>();

  private PartialVersions(Observation seen, KnownGood good) {
    this.seen = seen;
    this.good = good;
    this.subject = seen.history().table().or(seen.history()::tool).orElse("");
  }

  static PartialVersions of(Observation seen, KnownGood good) {
    PartialVersions partial = new PartialVersions(seen, good);
    Optional<DiskState> disk = seen.history().disk();
    if (disk.isPresent() && !partial.subject.isEmpty()) {
      Set<String> known = Set.copyOf(disk.get().known());
      Set<String> pending = Set.copyOf(disk.get().pending());
      List<VersionObjects> versions =
          good.versions().stream().filter(version -> known.contains(version.version())).toList();
      for (VersionObjects version : versions) {
        if (partial.isBroken(version)) {
          partial.told.addAll(version.creates()); // its record tells of it
        } else if (pending.contains(version.version())) {
          partial.withoutRecord(version);
        }
      }
      partial.withoutObjects(
          versions.stream().filter(version -> !pending.contains(version.version())).toList());
    }
    return partial;
  }

  private boolean isBroken(VersionObjects version) {
    return seen.history().records().stream()
        .filter(record ->
            !(record instanceof RecordState.Applied || record instanceof RecordState.Undone))
        .anyMatch(record -> record.entry().version().equals(version.version()));
  }

  /** One for each version that has no record, and one for all that have nothing else. */
  List<Finding> findings() {
    return findings;
  }

  /** Whether a finding of these tells of an object already. */
  boolean tell(CatalogObject object) {
    return told.contains(object.key());
  }

  /** Whether a finding of these tells of an object already. */
  boolean tell(Kind kind, String identity) {
    return told.contains(new Key(kind, identity));
  }

  private void withoutRecord(VersionObjects version) {
    List<Key> present =
        version.creates().stream()
            .filter(key -> seen.catalog().find(key).isPresent())
            .filter(key -> good.catalog().find(key).isEmpty())
            .toList();
    // A type that nothing uses is what is left over of a run that was rolled back by hand.
    if (present.stream().allMatch(this::isLeftover)) {
      return;
    }
    List<Key> missing = version.creates().stream().filter(key -> !present.contains(key)).toList();
    told.addAll(present);
    String name = Shown.text(version.version());
    findings.add(
        new Finding(
            IssueCode.MIGRATION_PARTIAL,
            subject + " " + name,
            missing.isEmpty()
                ? "all that version " + name + " makes is there, and no record of it"
                : present.size()
                    + " of the "
                    + version.creates().size()
                    + " objects of version "
                    + name
                    + " are there, and no record of it",
            missing.isEmpty()
                ? "Record the version as applied, once what else it does is known to be done"
                : "Complete the version by hand and record it, or undo what is there of it",
            evidence(List.of(version.version()), false, present, missing)));
  }

  private boolean isLeftover(Key key) {
    return key.kind() == Kind.ENUM && !seen.catalog().isNeeded(key.identity());
  }

  private void withoutObjects(List<VersionObjects> applied) {
    List<VersionObjects> empty = applied.stream().filter(this::isEmpty).toList();
    if (empty.isEmpty()) {
      return;
    }
    List<String> versions = empty.stream().map(VersionObjects::version).toList();
    List<Key> missing = empty.stream().flatMap(version -> version.creates().stream()).toList();
    told.addAll(missing);
    findings.add(
        new Finding(
            IssueCode.MIGRATION_PARTIAL,
            subject + " " + Shown.list(versions),
            "recorded as applied, and nothing of what it makes is there: " + Shown.list(versions),
            "Correct the records and run the migrations, or look for where they ran instead",
            evidence(versions, true, List.of(), missing)));
  }

  private boolean isEmpty(VersionObjects version) {
    return version.creates().stream().anyMatch(key -> OWN.contains(key.kind()))
        && version.creates().stream()
            .allMatch(key ->
                seen.catalog().find(key).isEmpty()
                    && good.catalog().find(key).isPresent()
                    && !(key.kind() == Kind.TABLE && good.rows().containsKey(key.identity())));
  }

  private Map<String, Object> evidence(
      List<String> versions, boolean recorded, List<Key> present, List<Key> missing) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("table", subject);
    evidence.put("versions", Shown.bounded(versions));
    evidence.put("recorded", recorded);
    evidence.put("present", titles(present));
    evidence.put("missing", titles(missing));
    evidence.put("known_good", "replay");
    return evidence;
  }

  private static List<String> titles(List<Key> keys) {
    return Shown.bounded(keys.stream().map(key -> key.kind() + " " + key.identity()).toList());
  }
}
