package dev.pgmedic.history.tool;

import java.util.List;
import java.util.Optional;

/**
 * Sqitch: the deployed changes of each project, and beside them every event. A change is called
 * {@code project:change} here, as Sqitch itself does. A failure is an event that nothing of the
 * same change follows.
 *
 * @see <a href="https://sqitch.org/docs/manual/sqitchchanges/">Sqitch</a>
 */
final class Sqitch implements MigrationTool {

  private static final Shape CHANGES =
      Shape.of(
          "change_id text not null",
          "script_hash text",
          "change text not null",
          "project text not null",
          "note text not null",
          "committed_at timestamptz not null",
          "committer_name text not null",
          "committer_email text not null",
          "planned_at timestamptz not null",
          "planner_name text not null",
          "planner_email text not null");
  private static final Shape EVENTS =
      Shape.of(
              "event text not null",
              "change_id text not null",
              "change text not null",
              "project text not null",
              "committed_at timestamptz not null")
          .andMore();

  @Override
  public String name() {
    return "sqitch";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return CHANGES.fits(table) && events(table, all).isPresent();
  }

  private static Optional<Table> events(Table table, Tables all) {
    return all.sibling(table, "events").filter(EVENTS::fits);
  }

  @Override
  public List<Table> alsoReads(Table table, Tables all) {
    return events(table, all).stream().toList();
  }

  @Override
  public String records(Table table) {
    return """
    SELECT version, at::text, checksum, state FROM (
      SELECT project || ':' || change AS version, committed_at AS at, script_hash AS checksum,
             'applied' AS state
      FROM ONLY %1$s
      UNION ALL
      SELECT f.project || ':' || f.change, f.committed_at, NULL, 'failed' FROM ONLY %2$s.events f
      WHERE f.event = 'fail' AND NOT EXISTS (
        SELECT FROM ONLY %2$s.events later
        WHERE later.project = f.project AND later.change = f.change
          AND later.committed_at > f.committed_at)
    ) AS record ORDER BY at\
    """
        .formatted(table.identity(), table.schema());
  }

  /** The newest of each project. */
  @Override
  public Optional<String> current(List<RecordState> records) {
    return Newest.ofEach(':', records);
  }
}
