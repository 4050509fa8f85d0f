package dev.pgmedic.catalog;

import dev.pgmedic.postgres.SqlResource;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query that reads every object of a database's schema: {@code kind}, {@code identity}, {@code
 * parent}, {@code owner}, {@code definition}, {@code needs} and {@code valid}. Takes no lock on a
 * user's relation; the session's {@code search_path} must be {@code pg_catalog}.
 */
public final class CatalogQuery {

  // What is written around an expression in the SQL, as a comment with a parenthesis, is one of
  // these.
  private static final Map<String, String> MACROS =
      Map.of(
          "normal", "expression-normal.sql",
          "labelled", "expression-labelled.sql",
          "named", "expression-named.sql",
          "unnumbered", "expression-unnumbered.sql");

  private static final Pattern MACRO =
      Pattern.compile("(?s)/\\*(\\w+)\\(\\*/((?:(?!/\\*\\w+\\(\\*/).)*?)/\\*\\)\\*/");

  /** The query, without a semicolon, so that it may stand in another one. */
  public static final String TEXT =
      expanded(SqlResource.read(CatalogQuery.class, "catalog.sql")).strip();

  private CatalogQuery() {}

  // The innermost macro first, until there is none left.
  private static String expanded(String sql) {
    String text = sql;
    for (Matcher macro = MACRO.matcher(text); macro.find(); macro = MACRO.matcher(text)) {
      String body =
          SqlResource.read(CatalogQuery.class, MACROS.getOrDefault(macro.group(1), "no macro"));
      String[] arguments = macro.group(2).split(", (?=r\\.oid$)", 2);
      String filled = body.strip().replace("$1", arguments[0]);
      text =
          text.substring(0, macro.start())
              + (arguments.length > 1 ? filled.replace("$2", arguments[1]) : filled)
              + text.substring(macro.end());
    }
    return text;
  }
}
