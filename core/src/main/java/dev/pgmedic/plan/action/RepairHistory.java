package dev.pgmedic.plan.action;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.history.tool.RecordChange;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a tool's record say what is so. Compare and set: a row that anybody wrote since it was
 * seen, even with the same values, is another version of it and is left alone. Nobody else writes
 * the table meanwhile, and the tool's own lock is held where its key is known.
 *
 * @param tool whose history it is
 * @param table the table, quoted
 * @param change what becomes of which row
 * @param objects what must be there, or must not, for the record to be so
 * @param there whether they must
 * @param version the version of the row that was judged: its {@code xmin} and {@code ctid}
 * @param role the table's owner, as whom the step runs
 * @param lockKey the advisory key that the tool takes while it migrates
 */
public record RepairHistory(
    String tool,
    String table,
    RecordChange change,
    List<Key> objects,
    boolean there,
    String version,
    String role,
    Optional<Long> lockKey)
    implements Action.Transaction {

  static final String TYPE = "repair_history";

  /** Copies the list. */
  public RepairHistory {
    objects = List.copyOf(objects);
  }

  @Override
  public StepType type() {
    return StepType.REPAIR_HISTORY;
  }

  @Override
  public String title() {
    return "Record in " + table + " that " + change.what();
  }

  @Override
  public List<String> preparation() {
    List<String> statements = new ArrayList<>(Preparation.forRows(role));
    statements.add(Preparation.SHORT_WAITS);
    lockKey.ifPresent(key -> statements.add("SELECT pg_advisory_xact_lock(" + key + ")"));
    statements.add("LOCK TABLE ONLY " + table + " IN SHARE ROW EXCLUSIVE MODE");
    return List.copyOf(statements);
  }

  @Override
  public List<String> body() {
    return List.of(
        "UPDATE ONLY " + table + " SET " + change.set() + "\nWHERE " + change.where() + same());
  }

  private String same() {
    return "\n  AND xmin::text || ' ' || ctid::text = " + Sql.literal(version);
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(standing(same()));
  }

  // Whoever takes it back writes another version of the row than the one that was judged.
  @Override
  public Optional<String> leftCondition() {
    return Optional.of(standing(""));
  }

  private String standing(String same) {
    return """
    SELECT CASE WHEN EXISTS (SELECT FROM ONLY %1$s WHERE %2$s%3$s)
        THEN CASE WHEN %4$s THEN 'ready' ELSE 'neither' END
      WHEN EXISTS (SELECT FROM ONLY %1$s WHERE %5$s) THEN 'done'
      ELSE 'neither' END AS standing\
    """
        .formatted(table, change.where(), same, fits(), change.done());
  }

  private String fits() {
    return objects.isEmpty()
        ? "true"
        : "(SELECT standing = '"
            + (there ? "done" : "ready")
            + "' FROM ("
            + Existence.noneOrAll(objects)
            + ") AS existence)";
  }

  @Override
  public Optional<String> undo() {
    return Optional.of(
        "UPDATE ONLY " + table + " SET " + change.undo() + "\nWHERE " + change.done() + ";");
  }

  @Override
  public Effect effect() {
    return Effect.MOVES_DATA;
  }

  @Override
  public List<String> locks() {
    return List.of("SHARE ROW EXCLUSIVE on " + table);
  }

  @Override
  public String precondition() {
    String row = "the row of " + table + " is still the one that was judged";
    return objects.isEmpty()
        ? row
        : row
            + ", and "
            + (there ? "all" : "none")
            + " of the "
            + objects.size()
            + " objects of the version are there";
  }

  @Override
  public String postcondition() {
    return table + " says that " + change.what();
  }
}
