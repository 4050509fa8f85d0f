package dev.pgmedic.history.tool;

import java.util.List;
import java.util.Optional;

/**
 * goose: a row a version, behind a first one for version 0.
 *
 * @see <a href="https://pressly.github.io/goose/">goose</a>
 */
final class Goose implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "id int|bigint not null",
          "version_id bigint not null",
          "is_applied boolean not null",
          "tstamp timestamp");

  @Override
  public String name() {
    return "goose";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  // Old versions wrote a row for the way back too.
  @Override
  public String records(Table table) {
    return """
    SELECT version_id::text AS version, tstamp::text AS at,
           CASE WHEN NOT is_applied THEN 'undone' END AS state
    FROM ONLY %s WHERE version_id > 0 ORDER BY id\
    """
        .formatted(table.identity());
  }

  @Override
  public Optional<String> current(List<RecordState> records) {
    return Newest.byNumber(records);
  }
}
