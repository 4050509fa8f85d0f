package dev.pgmedic.plan.remedy;

import dev.pgmedic.history.DiskState;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.target.Migrations;
import java.util.List;

/** Has the migration tool run what is not applied yet. */
final class PendingMigration implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    List<String> facts = facts(situation);
    return facts.isEmpty()
        ? new Treatment.Person(finding.recommendation() + missing(situation))
        : new Treatment.Heals(List.of(), List.of(), facts, ToolRun.NEEDED);
  }

  private static String missing(Situation situation) {
    Migrations migrations = situation.target().migrations();
    return migrations.upgrade().isEmpty()
        ? ": migrations.upgrade names no command that does"
        : look(situation).isEmpty()
            ? ": no read-only command of "
                + situation.seen().history().tool().orElse("the tool")
                + " is known that shows which database \""
                + String.join(" ", migrations.upgrade())
                + "\" works on"
            : "";
  }

  /**
   * What the tool would run, where it may be asked to; empty where a person runs it: the
   * configuration names no command, no read-only command of the tool is known that would show where
   * it leads, or the tool would not run all of it.
   */
  static List<String> facts(Situation situation) {
    return situation.seen().history().settled() ? behind(situation) : List.of();
  }

  /** As {@link #facts}, once what broke off is settled. */
  static List<String> behind(Situation situation) {
    Migrations migrations = situation.target().migrations();
    boolean named = !migrations.upgrade().isEmpty() && migrations.directory().isPresent();
    return situation
        .seen()
        .history()
        .disk()
        .filter(disk -> named && !look(situation).isEmpty())
        .filter(PendingMigration::runsAll)
        .map(disk -> List.of("pending: " + disk.pending()))
        .orElse(List.of());
  }

  private static List<String> look(Situation situation) {
    return situation
        .seen()
        .history()
        .tool()
        .flatMap(MigrationTools::find)
        .map(tool -> tool.readOnly(situation.target().migrations().upgrade()))
        .orElse(List.of());
  }

  private static boolean runsAll(DiskState disk) {
    return !disk.pending().isEmpty()
        && disk.passedOver().isEmpty()
        && disk.unknown().isEmpty()
        && disk.conflicts().isEmpty()
        && disk.contradictions().isEmpty();
  }
}
