package dev.pgmedic.cli;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The rows of a database, by table as their number and a hash, without what the tools write into
 * their own. A table may move to the quarantine meanwhile, or be kept there with a column that it
 * loses, and a column may come to it: the columns that were there before are compared.
 */
final class WardRows {

  private static final String TABLES =
      """
      SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
      WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
        AND tablename !~ 'lock|migration|alembic|schema_history'
      """;

  private static final Pattern QUARANTINE = Pattern.compile("^pgmedic_q_[^.]*");

  private final PostgresUrl url;
  private final Map<String, String> columns = new TreeMap<>();
  private final Set<String> before = new TreeSet<>();

  /** Those that are there now. */
  WardRows(PostgresUrl url) {
    this.url = url;
    for (String table : TestDatabases.query(url, TABLES)) {
      columns.put(table, columns(table));
      before.add(sum(table, columns(table)));
    }
  }

  /** The tables whose rows of before are not all there, each with its number and hash. */
  Set<String> lost() {
    Set<String> lost = new TreeSet<>(before);
    for (String table : TestDatabases.query(url, TABLES)) {
      String were = columns.getOrDefault(asItWas(table), "");
      if (hasAll(table, were)) {
        lost.remove(sum(table, were));
      }
    }
    return lost;
  }

  private boolean hasAll(String table, String were) {
    return List.of(columns(table).split("\n")).containsAll(List.of(were.split("\n")));
  }

  private String columns(String table) {
    return String.join(
        "\n",
        TestDatabases.query(
            url,
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = "
                + literal(table)
                + "::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"));
  }

  private String sum(String table, String names) {
    String row = "ROW(" + names.replace("\n", ", ") + ")::text";
    return TestDatabases.query(
            url,
            "SELECT "
                + literal(asItWas(table) + ": ")
                + " || count(*) || ' ' || coalesce(md5(string_agg(md5("
                + row
                + "), '' ORDER BY md5("
                + row
                + "))), '') FROM "
                + table)
        .get(0);
  }

  private static String asItWas(String table) {
    return QUARANTINE.matcher(table).replaceFirst("public");
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
