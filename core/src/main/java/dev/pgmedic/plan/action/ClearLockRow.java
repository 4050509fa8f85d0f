package dev.pgmedic.plan.action;

import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;

/**
 * Clears the lock row that a dead run of a migration tool left behind, as the tool's own command
 * does. Compare and set: a row that anybody wrote since it was seen, even with the same values, is
 * another version of it and is left alone.
 *
 * @param shape whose table it is
 * @param table its name, quoted
 * @param key which row
 * @param version the version of the row that was judged: its {@code xmin} and {@code ctid}
 * @param role the table's owner, as whom the step runs
 */
public record ClearLockRow(ToolTable shape, String table, String key, String version, String role)
    implements Action.Transaction {

  static final String TYPE = "clear_lock_row";

  @Override
  public StepType type() {
    return StepType.CLEAR_LOCK_ROW;
  }

  @Override
  public String title() {
    return "Clear " + shape.tool() + "'s lock row " + key + " in " + table;
  }

  @Override
  public List<String> preparation() {
    return Preparation.forRows(role);
  }

  @Override
  public List<String> body() {
    return List.of(
        "UPDATE ONLY "
            + table
            + " SET "
            + shape.released().orElseThrow()
            + "\nWHERE "
            + row()
            + " AND "
            + shape.held()
            + "\n  AND xmin::text || ' ' || ctid::text = "
            + Sql.literal(version));
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(
        """
        SELECT CASE WHEN count(*) FILTER (WHERE %1$s) = 0 THEN 'done'
          WHEN bool_or(%1$s AND xmin::text || ' ' || ctid::text = %2$s) THEN 'ready'
          ELSE 'neither' END AS standing
        FROM ONLY %3$s WHERE %4$s\
        """
            .formatted(shape.held(), Sql.literal(version), table, row()));
  }

  private String row() {
    return "(" + shape.key() + ")::text = " + Sql.literal(key);
  }

  @Override
  public Effect effect() {
    return Effect.MOVES_DATA;
  }

  @Override
  public List<String> locks() {
    return List.of("ROW EXCLUSIVE on " + table);
  }

  @Override
  public String precondition() {
    return "row " + key + " of " + table + " is still the one that the dead run wrote";
  }

  @Override
  public String postcondition() {
    return "row " + key + " of " + table + " says that nobody holds the lock";
  }

  @Override
  public List<String> touches() {
    return List.of(table + " " + key);
  }
}
