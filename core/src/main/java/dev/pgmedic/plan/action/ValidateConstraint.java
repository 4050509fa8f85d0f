package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;

/**
 * Has the server look whether all rows keep a constraint that was added {@code NOT VALID}. Reads
 * the whole table, and keeps nobody from reading or writing it.
 *
 * @param table the table, quoted
 * @param name the constraint, quoted
 * @param role the table's owner, as whom the step runs
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertable.html">ALTER TABLE ...
 *     VALIDATE CONSTRAINT</a>
 */
public record ValidateConstraint(String table, String name, String role)
    implements Action.Transaction {

  static final String TYPE = "validate_constraint";

  @Override
  public StepType type() {
    return StepType.VALIDATE_CONSTRAINT;
  }

  @Override
  public String title() {
    return "Validate the constraint " + name + " of " + table;
  }

  @Override
  public List<String> preparation() {
    return Preparation.forRows(role);
  }

  @Override
  public List<String> body() {
    return List.of("ALTER TABLE " + table + " VALIDATE CONSTRAINT " + name);
  }

  @Override
  public Optional<String> condition() {
    List<String> parts = Sql.parts(table).stream().map(Sql::unquoted).toList();
    return Optional.of(
        """
        SELECT CASE WHEN bool_and(k.convalidated) THEN 'done'
          WHEN count(*) = 1 THEN 'ready' ELSE 'neither' END AS standing
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relname = %s AND k.conname = %s\
        """
            .formatted(
                Sql.literal(parts.get(0)),
                Sql.literal(parts.get(1)),
                Sql.literal(Sql.unquoted(name))));
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public List<String> locks() {
    return List.of("SHARE UPDATE EXCLUSIVE on " + table);
  }

  @Override
  public String precondition() {
    return "the constraint " + name + " of " + table + " is there and NOT VALID";
  }

  @Override
  public String postcondition() {
    return "all rows of " + table + " keep " + name + ", and it is valid";
  }

  @Override
  public List<String> reads() {
    return List.of(table);
  }

  @Override
  public List<String> touches() {
    return List.of(table + "." + name);
  }
}
