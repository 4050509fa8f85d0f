package dev.pgmedic.history.tool;

import java.util.List;
import java.util.Optional;

/**
 * Ecto: a set of versions with the time of each.
 *
 * @see <a href="https://hexdocs.pm/ecto_sql/Ecto.Migration.html">Ecto migrations</a>
 */
final class Ecto implements MigrationTool {

  private static final Shape SHAPE = Shape.of("version bigint not null", "inserted_at timestamp");

  @Override
  public String name() {
    return "ecto";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT version::text AS version, inserted_at::text AS at FROM ONLY %s AS history
    ORDER BY history.version\
    """
        .formatted(table.identity());
  }

  @Override
  public Optional<String> current(List<RecordState> records) {
    return Newest.byNumber(records);
  }
}
