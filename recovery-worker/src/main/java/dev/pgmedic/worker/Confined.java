package dev.pgmedic.worker;

import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a step does as the owner of what it touches, kept to the owner's rights. After {@code SET
 * LOCAL ROLE} alone the owner's own code (a check, a trigger, a cast, a generated column) could
 * take the rights of our login back with {@code set_config('role', 'none', true)}. Within a
 * function of the owner the server refuses that. The owner needs the right to make temporary
 * objects, which everybody has unless it was revoked.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-set-role.html">SET ROLE</a>, and {@code
 *     SECURITY DEFINER} of CREATE FUNCTION
 */
final class Confined {

  private static final String ROLE = "SET LOCAL ROLE ";
  private static final String OURS = ROLE + "none";
  private static final String FUNCTION = "pg_temp.pgmedic_step()";

  private Confined() {}

  /**
   * The same statements, those that run as an owner within a function of that owner.
   *
   * @param preparation what ran before in the same transaction, and may have taken an owner's role
   */
  static List<String> of(List<String> preparation, List<String> body) {
    List<String> all = new ArrayList<>();
    List<String> owned = new ArrayList<>();
    boolean asOwner = preparation.stream().anyMatch(statement -> statement.startsWith(ROLE));
    for (String statement : body) {
      if (statement.startsWith(ROLE)) {
        flush(owned, all);
        all.add(statement);
        asOwner = !statement.equals(OURS);
      } else if (asOwner) {
        owned.add(statement);
      } else {
        all.add(statement);
      }
    }
    flush(owned, all);
    return all;
  }

  private static void flush(List<String> owned, List<String> all) {
    if (!owned.isEmpty()) {
      String block =
          owned.stream()
              .map(statement -> "EXECUTE " + Sql.body(statement) + ";\n")
              .collect(Collectors.joining("", "BEGIN\n", "END"));
      all.add(
          "CREATE FUNCTION "
              + FUNCTION
              + " RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS "
              + Sql.body(block));
      all.add("SELECT " + FUNCTION);
      all.add("DROP FUNCTION " + FUNCTION);
      owned.clear();
    }
  }
}
