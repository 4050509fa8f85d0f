package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds an invalid index anew, without keeping anybody from writing its table; or drops one that a
 * failed build left behind, the one thing that pgmedic ever drops: an invalid index serves nobody.
 *
 * @param index the index, quoted
 * @param role the table's owner, as whom the step runs
 * @param leftover whether known-good has no such index
 * @see <a href="https://www.postgresql.org/docs/current/sql-reindex.html">REINDEX, Rebuilding
 *     Indexes Concurrently</a>
 */
public record RebuildIndex(String index, String role, boolean leftover) implements Action {

  static final String TYPE = "rebuild_index";

  @Override
  public StepType type() {
    return StepType.REBUILD_INDEX;
  }

  @Override
  public String title() {
    return (leftover ? "Drop the invalid leftover " : "Build anew the invalid index ") + index;
  }

  /** The statements, one after the other, each outside of a transaction. */
  public List<String> each() {
    return leftover
        ? dropping(List.of(index))
        : behindSettings(List.of("REINDEX INDEX CONCURRENTLY " + index));
  }

  /** The statements that drop invalid indexes of these names. */
  public List<String> dropping(List<String> names) {
    return behindSettings(names.stream().map("DROP INDEX CONCURRENTLY "::concat).toList());
  }

  private List<String> behindSettings(List<String> statements) {
    List<String> settings =
        List.of(
            "SET ROLE " + Sql.identifier(role),
            "SET search_path = pg_catalog",
            "SET row_security = off",
            "SET lock_timeout = 0");
    return Stream.concat(settings.stream(), statements.stream()).toList();
  }

  @Override
  public Optional<String> statements() {
    return Optional.of(String.join(";\n", each()) + ";");
  }

  @Override
  public Optional<String> condition() {
    List<String> parts = Sql.parts(index).stream().map(Sql::unquoted).toList();
    String done = leftover ? "count(*) = 0" : "bool_and(x.indisvalid)";
    return Optional.of(
        """
        SELECT CASE WHEN %s THEN 'done'
          WHEN bool_and(NOT x.indisvalid) THEN 'ready' ELSE 'neither' END AS standing
        FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relname = %s\
        """
            .formatted(done, Sql.literal(parts.get(0)), Sql.literal(parts.get(1))));
  }

  /**
   * The names of the invalid indexes that a {@code REINDEX CONCURRENTLY} of this one leaves behind
   * when it fails or is killed, quoted: the copy, or the original once the copy has its place.
   * Those that were there before are not of it.
   */
  public String leftovers() {
    List<String> parts = Sql.parts(index).stream().map(Sql::unquoted).toList();
    return """
    SELECT pg_catalog.format('%%I.%%I', n.nspname, l.relname) AS name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
    JOIN pg_catalog.pg_index y ON y.indrelid = x.indrelid AND NOT y.indisvalid
    JOIN pg_catalog.pg_class l ON l.oid = y.indexrelid AND l.relname ~ '_cc(new|old)[0-9]*$'
    WHERE n.nspname = %s AND c.relname = %s\
    """
        .formatted(Sql.literal(parts.get(0)), Sql.literal(parts.get(1)));
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public List<String> locks() {
    return List.of("SHARE UPDATE EXCLUSIVE on the table of " + index);
  }

  @Override
  public String precondition() {
    return index + " is there and invalid";
  }

  @Override
  public String postcondition() {
    return leftover ? index + " is gone" : index + " is valid and serves queries";
  }

  @Override
  public List<String> reads() {
    return leftover ? List.of() : List.of(index);
  }

  @Override
  public List<String> touches() {
    return List.of(index);
  }
}
