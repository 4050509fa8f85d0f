package dev.pgmedic.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes generated SQL apart, so that a statement that could lose something is refused before
 * anybody is asked.
 */
public final class SqlScript {

  private static final Pattern DOLLAR = Pattern.compile("\\$(?:[A-Za-z_]\\w*)?\\$");
  private static final Pattern HARMLESS =
      Pattern.compile("(?s)(CREATE|COMMENT ON|GRANT|REVOKE|ALTER)\\s.*");
  private static final Pattern LOSES =
      Pattern.compile(
          "(?s)ALTER\\s.*\\b(DROP|RENAME|DETACH|TYPE\\s+\\S+\\s+USING|SET\\s+DATA\\s+TYPE)\\b.*"
              + "|ALTER\\s+TABLE\\s.*\\bALTER\\s+(COLUMN\\s+)?\\S+\\s+TYPE\\b.*");

  // Of what the catalog shows: of a grant or a comment nobody here could see whether it was made.
  private static final Pattern DEFINES =
      Pattern.compile(
          "(?is)(SET|RESET|BEGIN|START|COMMIT|END)\\b.*"
              + "|CREATE\\s+(UNLOGGED\\s+)?TABLE\\b(?!.*\\bAS\\b).*"
              + "|CREATE\\s+TYPE\\s.*\\bAS\\s+ENUM\\b.*"
              + "|CREATE\\s+(UNIQUE\\s+)?INDEX\\b.*"
              + "|CREATE\\s+(MATERIALIZED\\s+)?VIEW\\b.*"
              + "|CREATE\\s+(CONSTRAINT\\s+)?TRIGGER\\b.*"
              + "|CREATE\\s+(POLICY|FUNCTION|PROCEDURE|SEQUENCE)\\b.*"
              + "|ALTER\\s+TABLE\\b.*\\bADD\\b.*");
  private static final Pattern CHANGES =
      Pattern.compile(
          "(?is)ALTER\\s+TABLE\\b.*\\b(DROP|ALTER|RENAME|DETACH|ATTACH|SET|ENABLE|DISABLE"
              + "|FORCE|OWNER|INHERIT|VALIDATE|REPLICA|CLUSTER)\\b.*");
  private static final Pattern REFERENTIAL =
      Pattern.compile("(?i)\\bON\\s+(DELETE|UPDATE)\\s+SET\\s+(NULL|DEFAULT)\\b");
  private static final Pattern ADDS_COLUMN =
      Pattern.compile("(?s)ALTER\\s+TABLE\\s.*\\bADD\\s+COLUMN\\s(.*)");
  private static final Pattern STORES_ANEW =
      Pattern.compile(
          "(?s)ALTER\\s+TABLE\\s.*\\bSET\\s+(LOGGED|UNLOGGED|TABLESPACE|ACCESS\\s+METHOD)\\b.*");

  // A default that is a constant, or the same for all rows of a statement, is kept once.
  private static final Pattern CONSTANT =
      Pattern.compile("::\\s*[\\w. ]+(\\([\\d, ]*\\))?|\\b(PG_CATALOG\\s*\\.\\s*)?NOW\\(\\)");
  private static final Pattern CALL = Pattern.compile("\\w\\s*\\(");

  private SqlScript() {}

  /**
   * Whether a script does nothing but define objects that were not there: no row is written and
   * nothing that is there becomes another. In doubt it is not.
   */
  public static boolean definesOnly(String script) {
    return all(script).stream()
        .map(statement -> REFERENTIAL.matcher(statement).replaceAll(""))
        .allMatch(statement ->
            DEFINES.matcher(statement).matches() && !CHANGES.matcher(statement).matches());
  }

  /**
   * The statements of a script, without comments in front, settings of the session and the
   * semicolon.
   */
  public static List<String> statements(String script) {
    return all(script).stream().filter(statement -> !statement.startsWith("SET ")).toList();
  }

  /** The statements of a script, without comments in front and the semicolon. */
  public static List<String> all(String script) {
    List<String> statements = new ArrayList<>();
    int start = 0;
    int at = 0;
    while (at < script.length()) {
      if (script.charAt(at) == ';') {
        add(statements, script.substring(start, at));
        start = at + 1;
      }
      at = skip(script, at);
    }
    add(statements, script.substring(start));
    return statements;
  }

  private static void add(List<String> statements, String text) {
    String statement = text.strip();
    while (statement.startsWith("--")) {
      int end = statement.indexOf('\n');
      statement = end < 0 ? "" : statement.substring(end).strip();
    }
    if (!statement.isEmpty()) {
      statements.add(statement);
    }
  }

  /** Where the next character outside quotes, comments and function bodies is. */
  private static int skip(String script, int at) {
    char c = script.charAt(at);
    if (c == '\'' || c == '"') {
      return quoted(script, at, c);
    }
    if (script.startsWith("--", at)) {
      return after(script, "\n", at);
    }
    if (script.startsWith("/*", at)) {
      return afterComment(script, at);
    }
    if (c == '$') {
      Matcher tag = DOLLAR.matcher(script).region(at, script.length());
      if (tag.lookingAt()) {
        return after(script, tag.group(), tag.end());
      }
    }
    return at + 1;
  }

  private static int quoted(String script, int at, char quote) {
    boolean escapes =
        quote == '\'' && at > 0 && Character.toUpperCase(script.charAt(at - 1)) == 'E';
    for (int i = at + 1; i < script.length(); i++) {
      if (escapes && script.charAt(i) == '\\') {
        i++;
      } else if (script.charAt(i) == quote) {
        return i + 1;
      }
    }
    return script.length();
  }

  // Comments nest: what looks like the end of one may be the middle of another.
  private static int afterComment(String script, int from) {
    int depth = 0;
    int at = from;
    while (at < script.length()) {
      if (script.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (script.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return at;
        }
      } else {
        at++;
      }
    }
    return at;
  }

  private static int after(String script, String end, int from) {
    int at = script.indexOf(end, from);
    return at < 0 ? script.length() : at + end.length();
  }

  /** Whether a statement makes, comments or grants, and can neither drop nor rewrite anything. */
  public static boolean isHarmless(String statement) {
    String bare = withoutQuoted(statement).toUpperCase(Locale.ROOT).strip();
    return HARMLESS.matcher(bare).matches() && !LOSES.matcher(bare).matches();
  }

  /**
   * Whether a statement that makes a column, or stores a table otherwise, writes every row anew.
   */
  public static boolean rewrites(String statement) {
    String bare = withoutQuoted(statement).toUpperCase(Locale.ROOT).strip();
    Matcher adds = ADDS_COLUMN.matcher(bare);
    if (!adds.matches()) {
      return STORES_ANEW.matcher(bare).matches();
    }
    String column = adds.group(1);
    int value = column.indexOf(" DEFAULT ");
    return column.matches("(?s).*\\bGENERATED\\b.*")
        || (value >= 0
            && CALL.matcher(CONSTANT.matcher(column.substring(value + 9)).replaceAll(" ")).find());
  }

  /** Whether a statement adds a column that must have a value and says none for the rows there. */
  public static boolean lacksValue(String statement) {
    String bare = withoutQuoted(statement).toUpperCase(Locale.ROOT).strip();
    return ADDS_COLUMN.matcher(bare).matches()
        && bare.matches("(?s).*\\bNOT\\s+NULL\\b.*")
        && !bare.matches("(?s).*\\b(DEFAULT|GENERATED)\\b.*");
  }

  private static String withoutQuoted(String statement) {
    StringBuilder bare = new StringBuilder();
    int at = 0;
    while (at < statement.length()) {
      int next = skip(statement, at);
      bare.append(next == at + 1 ? String.valueOf(statement.charAt(at)) : " x ");
      at = next;
    }
    return bare.toString();
  }
}
