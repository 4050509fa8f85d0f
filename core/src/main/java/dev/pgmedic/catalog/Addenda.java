package dev.pgmedic.catalog;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.json.Json;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlResource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What tables have that pgCodeKeeper does not know: their replica identity, and the publications
 * that name them. It is kept as the last line of known-good's script, as a comment in which nothing
 * can begin a line of its own.
 *
 * @param entries in the order in which they are made
 */
public record Addenda(List<Entry> entries) {

  private static final String QUERY = SqlResource.read(Addenda.class, "addenda.sql");
  private static final Pattern SINCE_15 = Pattern.compile("(?s)/\\*15\\(\\*/.*?/\\*\\)15\\*/");
  private static final int PUBLISHES_PARTS = 15;
  private static final int LONGEST = 300;
  private static final String LINE = "\n-- pgmedic: ";

  private static final String MAY_JOIN =
      """
      SELECT pg_catalog.pg_get_userbyid(p.pubowner),
             pg_catalog.pg_has_role(o.oid, p.pubowner, 'USAGE')
      FROM pg_catalog.pg_publication p LEFT JOIN pg_catalog.pg_roles o ON o.rolname = ?
      WHERE p.pubname = ?
      """;

  /**
   * One of them.
   *
   * @param table whose it is, quoted
   * @param publication the publication that the table is in; absent for a replica identity
   * @param statement what gives it to the table
   */
  public record Entry(String table, Optional<String> publication, String statement) {}

  /**
   * What of them a plan can give back to tables that it makes.
   *
   * @param statements what gives it, as the tables' owner
   * @param byHand what only another role may give, in sentences
   */
  public record Given(List<String> statements, List<String> byHand) {}

  /** Reads those of a database; fails as the query does. */
  static Addenda read(Connection session) throws SQLException {
    boolean parts = session.getMetaData().getDatabaseMajorVersion() >= PUBLISHES_PARTS;
    String query = parts ? QUERY : SINCE_15.matcher(QUERY).replaceAll("");
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement statement = session.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        entries.add(
            new Entry(
                rows.getString(1), Optional.ofNullable(rows.getString(2)), rows.getString(3)));
      }
    }
    return new Addenda(entries);
  }

  /** The script with these as its last line. */
  String behind(String script) {
    return script + LINE + Json.write(entries) + "\n";
  }

  /** Those that a script ends with; none when it was written without. */
  static Addenda of(String script) {
    int line = script.lastIndexOf(LINE);
    String last = line < 0 ? "" : script.substring(line + LINE.length()).strip();
    return last.startsWith("[") && last.endsWith("]") && last.indexOf('\n') < 0
        ? new Addenda(Json.read(last, new TypeReference<List<Entry>>() {}))
        : new Addenda(List.of());
  }

  /** Whether any of these is a table's. */
  boolean concerns(Collection<CatalogObject> tables) {
    return entries.stream()
        .anyMatch(entry -> tables.stream().anyMatch(table -> isOf(entry, table)));
  }

  private static boolean isOf(Entry entry, CatalogObject table) {
    return table.kind() == CatalogObject.Kind.TABLE && table.identity().equals(entry.table());
  }

  /**
   * What of these can be given back to tables, as the database is now. Fails as the queries do.
   *
   * @param tables those that are made anew
   */
  Given to(Collection<CatalogObject> tables, Connection session) throws SQLException {
    List<String> statements = new ArrayList<>();
    List<String> byHand = new ArrayList<>();
    Map<String, CatalogObject> made = new HashMap<>();
    tables.stream()
        .filter(table -> table.kind() == CatalogObject.Kind.TABLE)
        .forEach(table -> made.put(table.identity(), table));
    for (Entry entry : entries) {
      CatalogObject table = made.get(entry.table());
      if (table != null) {
        Optional<String> obstacle =
            entry.publication().isPresent()
                ? obstacle(entry, table.owner().orElse(""), session)
                : Optional.empty();
        obstacle.ifPresentOrElse(byHand::add, () -> statements.add(entry.statement() + ";"));
      }
    }
    return new Given(statements, byHand);
  }

  // Who adds a table to a publication must own both.
  private static Optional<String> obstacle(Entry entry, String owner, Connection session)
      throws SQLException {
    try (PreparedStatement statement = session.prepareStatement(MAY_JOIN)) {
      statement.setString(1, owner);
      statement.setString(2, entry.publication().orElseThrow());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.of("no publication is there for " + shown(entry));
        }
        return row.getBoolean(2)
            ? Optional.empty()
            : Optional.of(Sql.visibleIdentifier(row.getString(1)) + " runs " + shown(entry));
      }
    }
  }

  private static String shown(Entry entry) {
    return ForeignText.visible(entry.statement(), LONGEST);
  }
}
