package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Makes a migration that broke off, and its record, fit each other, where a replay told which
 * objects it makes: none of them there means that it did not run; what is there in part is
 * completed forward; all of them there means that it ran. A migration that may have done more than
 * make objects is a person's, since nobody can see whether it did. Where no replay told, what has
 * no record is taken back.
 */
final class BrokenVersion implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    HistoryState history = situation.seen().history();
    Optional<VersionRepair> repair = VersionRepair.of(finding, situation);
    if (repair.isEmpty()) {
      return Boolean.FALSE.equals(finding.evidence().get("recorded"))
          ? new LeftBehind().treat(finding, situation)
          : new Treatment.Person(
              finding.recommendation() + ": no replay told what each version makes");
    }
    Optional<RecordState> broken =
        history.records().stream()
            .filter(record -> !(record instanceof RecordState.Applied))
            .filter(record -> isOf(finding, history, record))
            .reduce((older, newer) -> newer);
    if (broken.isPresent()) {
      return repair.get().ofRecord(broken.get());
    }
    List<VersionObjects> versions =
        finding.evidence().get("versions") instanceof List<?> names
            ? names.stream()
                .flatMap(name -> repair.get().version(name.toString()).stream())
                .toList()
            : List.of();
    if (versions.isEmpty()) {
      return Boolean.FALSE.equals(finding.evidence().get("recorded"))
          ? new LeftBehind().treat(finding, situation)
          : repair.get().person("no replay told what it makes");
    }
    return Boolean.TRUE.equals(finding.evidence().get("recorded"))
        ? repair.get().ofRecordsAlone(versions)
        : repair.get().ofObjectsAlone(versions.get(0));
  }

  private static boolean isOf(Finding finding, HistoryState history, RecordState record) {
    String subject = history.table().orElse("") + " " + record.entry().version();
    return finding.subject().equals(subject);
  }
}
