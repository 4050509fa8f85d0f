package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.RepairHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes files that differ from what was applied for what was applied: the records get their
 * checksums. Whoever asks for it says that the change is none of effect.
 */
final class ChangedFile implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    HistoryState history = situation.seen().history();
    Optional<MigrationTool> tool = history.tool().flatMap(MigrationTools::find);
    Optional<String> owner =
        history
            .table()
            .flatMap(table -> situation.seen().catalog().find(new Key(Kind.TABLE, table)))
            .flatMap(CatalogObject::owner);
    List<DiskState.Changed> changed = history.disk().map(DiskState::changed).orElse(List.of());
    if (tool.isEmpty() || owner.isEmpty()) {
      return new Treatment.Person(finding.recommendation());
    }
    List<Action> actions = new ArrayList<>();
    List<String> facts = new ArrayList<>();
    for (DiskState.Changed file : changed) {
      for (RecordState record : history.records()) {
        if (record instanceof RecordState.Applied applied
            && applied.entry().version().equals(file.version())
            && applied.entry().checksum().equals(Optional.of(file.recorded()))) {
          tool.get()
              .rechecked(applied, file.onDisk())
              .ifPresent(change -> {
                String row = applied.entry().row().orElse("");
                actions.add(
                    new RepairHistory(
                        tool.get().name(),
                        history.table().orElseThrow(),
                        change,
                        List.of(),
                        true,
                        row,
                        owner.get(),
                        tool.get().lockKey()));
                facts.add("file: " + file.file() + " " + file.onDisk() + " " + row);
              });
        }
      }
    }
    return actions.isEmpty() || actions.size() < changed.size()
        ? new Treatment.Person(finding.recommendation())
        : new Treatment.Heals(List.of(), actions, facts, ToolRun.NONE);
  }
}
