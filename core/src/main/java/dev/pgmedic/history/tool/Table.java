package dev.pgmedic.history.tool;

import dev.pgmedic.postgres.Sql;
import java.util.Map;

/**
 * A table that may hold a history.
 *
 * @param identity its qualified name as SQL writes it
 * @param columns its columns by name, without quotes
 * @param rowSecurity whether policies decide which of its rows a role sees
 */
public record Table(String identity, Map<String, Column> columns, boolean rowSecurity) {

  /** Copies the columns. */
  public Table {
    columns = Map.copyOf(columns);
  }

  /** Its schema as SQL writes it. */
  public String schema() {
    return Sql.parts(identity).get(0);
  }

  /** Its own name, without schema and quotes. */
  public String name() {
    return Sql.unquoted(Sql.parts(identity).get(1));
  }

  boolean has(String column) {
    return columns.containsKey(column);
  }
}
