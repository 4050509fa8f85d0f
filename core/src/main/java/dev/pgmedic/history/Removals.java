package dev.pgmedic.history;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What migrations take away or rename on purpose: what a statement or a call of theirs names behind
 * a word for that. That another file drops something, or that the name stands in a comment or on
 * the way down, is no excuse for a loss.
 */
public final class Removals {

  private static final Pattern COMMENTS =
      Pattern.compile("(?ms)/\\*.*?\\*/|(?:--|(?<![:\\w])//).*?$|^[ \\t]*#.*?$");

  private static final Pattern SQL =
      Pattern.compile(
          "(?i)\\b(?:DROP\\s+(?:(?<kind>TABLE|FOREIGN|VIEW|MATERIALIZED|TYPE|INDEX"
              + "|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|SEQUENCE|TRIGGER|POLICY"
              + "|SCHEMA|CONSTRAINT|COLUMN)\\b)?"
              + "|RENAME\\s)(?<rest>.*)",
          Pattern.DOTALL);

  // ALTER TABLE users RENAME TO people, and RENAME CONSTRAINT a TO b, RENAME COLUMN a TO b.
  private static final Pattern RENAMED =
      Pattern.compile("(?is)^\\s*(?<part>CONSTRAINT|COLUMN)?\\s*(?<old>.*?)\\bTO\\b");
  private static final Pattern ALTERED =
      Pattern.compile(
          "(?i)\\bALTER\\s+(?<kind>TABLE|FOREIGN|VIEW|MATERIALIZED|TYPE|INDEX|FUNCTION|PROCEDURE"
              + "|ROUTINE|AGGREGATE|SEQUENCE|TRIGGER|POLICY|SCHEMA)\\b");

  // drop_table, dropTable, t.remove, RemoveField, DeleteModel, rename_column, and so on.
  private static final Pattern CALL =
      Pattern.compile(
          "(?:\\b|_)(?:(?:drop|remove|rename)(?:_\\w+|[A-Z]\\w*)?"
              + "|(?:Remove|Delete|Rename)[A-Z]\\w*)(?:\\s*\\(|\\s+(?=[:'\"]))");

  // drop_column, dropForeign, RemoveField and the like take a part of a table.
  private static final Pattern PART =
      Pattern.compile(
          "(?i)_?(?:drop|remove|rename)_?(?<part>columns?|field|references?|timestamps|index|unique"
              + "|foreign|primary|constraint|check|not_?null|default)");

  private static final int LONGEST_CALL = 500;

  private final List<Statement> statements = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  private Removals() {}

  /**
   * A piece of a file.
   *
   * @param whole whether it is a whole statement of SQL, and not a line of a program
   */
  private record Statement(String text, boolean whole) {}

  /** Those of some migrations. */
  public static Removals in(MigrationTexts texts) {
    Removals removals = new Removals();
    texts.all(Removals::isSql).forEach(sql -> removals.read(sql, ";", true));
    for (String program : texts.all(path -> !isSql(path))) {
      removals.read(program, "[;\\n]", false);
      removals.readCalls(withoutComments(program));
    }
    for (String changelog : texts.all(ChangelogChanges::isChangelog)) {
      removals.calls.addAll(ChangelogChanges.removals(changelog));
    }
    return removals;
  }

  private static boolean isSql(String path) {
    return path.endsWith(".sql");
  }

  private static String withoutComments(String text) {
    return COMMENTS.matcher(text).replaceAll(" ");
  }

  private void read(String text, String end, boolean whole) {
    for (String statement : withoutComments(text).split(end, -1)) {
      statements.add(new Statement(statement, whole));
    }
  }

  private void readCalls(String code) {
    Matcher call = CALL.matcher(code);
    while (call.find()) {
      calls.add(code.substring(call.start(), end(code, call.end())));
    }
  }

  // Where the call's own brackets close, or its line where it has none.
  private static int end(String code, int from) {
    int depth = code.charAt(from - 1) == '(' ? 1 : 0;
    boolean bare = depth == 0;
    int last = Math.min(code.length(), from + LONGEST_CALL);
    for (int i = from; i < last; i++) {
      char c = code.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (bare ? c == '\n' : depth == 0) {
        return i;
      }
    }
    return last;
  }

  /** Whether one of them is this object's. */
  public boolean explain(CatalogObject object) {
    String name = Sql.name(object.identity());
    return statements.stream().anyMatch(statement -> takesAway(statement, object, name))
        || calls.stream()
            .filter(call -> mayTake(call, object.kind()))
            .map(call -> named(call, object.kind()))
            .anyMatch(call -> names(call, name) || isOfAModel(call, object.kind(), name));
  }

  private static boolean takesAway(Statement statement, CatalogObject object, String name) {
    Matcher found = SQL.matcher(statement.text());
    for (int from = 0; found.find(from); from = found.start() + 1) {
      String kind = Optional.ofNullable(found.group("kind")).orElse("");
      boolean taken =
          found.group().regionMatches(true, 0, "rename", 0, "rename".length())
              ? renames(statement.text().substring(0, found.start()), found, object.kind(), name)
              : kind.equalsIgnoreCase("schema")
                  ? names(found.group("rest"), schema(object.identity()))
                  : fits(kind, object.kind()) && names(found.group("rest"), name);
      if (taken && isOf(statement, object)) {
        return true;
      }
    }
    return false;
  }

  // What is renamed stands before the word, and a part of it behind.
  private static boolean renames(String before, Matcher rename, Kind kind, String name) {
    Matcher how = RENAMED.matcher(rename.group("rest"));
    if (!how.find()) {
      return false;
    }
    if (how.group("part") == null && how.group("old").isBlank()) {
      Matcher altered = ALTERED.matcher(before);
      return altered.find() && fits(altered.group("kind"), kind) && names(before, name);
    }
    String part = Optional.ofNullable(how.group("part")).orElse("column");
    return fits(part, kind) && names(how.group("old"), name);
  }

  // Of two tables' columns of one name only that of the table that is named is gone.
  private static boolean isOf(Statement statement, CatalogObject object) {
    return !statement.whole()
        || object.kind() == Kind.INDEX
        || object.parent().map(table -> names(statement.text(), Sql.name(table))).orElse(true);
  }

  private static boolean fits(String word, Kind kind) {
    return switch (kind) {
      case TABLE -> word.equalsIgnoreCase("table") || word.equalsIgnoreCase("foreign");
      case COLUMN -> word.isEmpty() || word.equalsIgnoreCase("column");
      case ENUM -> word.equalsIgnoreCase("type");
      case VIEW -> word.equalsIgnoreCase("view");
      case MATERIALIZED_VIEW -> word.equalsIgnoreCase("materialized");
      case CONSTRAINT -> word.equalsIgnoreCase("constraint");
      case INDEX -> word.equalsIgnoreCase("index") || word.equalsIgnoreCase("constraint");
      case TRIGGER -> word.equalsIgnoreCase("trigger");
      case POLICY -> word.equalsIgnoreCase("policy");
      case SEQUENCE -> word.equalsIgnoreCase("sequence");
      case FUNCTION ->
          List.of("function", "procedure", "routine", "aggregate").stream()
              .anyMatch(word::equalsIgnoreCase);
    };
  }

  // A call for a column, an index or a constraint names its table, too, which stays.
  private static boolean mayTake(String call, Kind kind) {
    Matcher word = PART.matcher(call);
    return !word.lookingAt()
        || switch (kind) {
          case TABLE -> false;
          case COLUMN -> isOne(word, "column", "columns", "field", "reference", "timestamps");
          case INDEX -> !isOne(word, "column", "columns", "field", "timestamps");
          case CONSTRAINT -> !isOne(word, "column", "columns", "field", "index", "timestamps");
          case ENUM, VIEW, MATERIALIZED_VIEW, TRIGGER, POLICY, SEQUENCE, FUNCTION -> false;
        };
  }

  private static boolean isOne(Matcher word, String... parts) {
    return List.of(parts).contains(lower(word.group("part")));
  }

  // Of two names of a table the first is the one that goes.
  private static String named(String call, Kind kind) {
    int comma = call.indexOf(',');
    return kind == Kind.TABLE && comma > 0 && lower(call).contains("rename")
        ? call.substring(0, comma)
        : call;
  }

  // Django: the table of shop's model Room is shop_room.
  private static boolean isOfAModel(String call, Kind kind, String name) {
    return kind == Kind.TABLE
        && Pattern.compile("['\"](\\w+)['\"]")
            .matcher(call)
            .results()
            .anyMatch(word -> call.contains("Model") && name.endsWith("_" + lower(word.group(1))));
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  private static boolean names(String text, String name) {
    return Pattern.compile(MigrationTexts.word(name), Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .find();
  }

  private static String schema(String identity) {
    return Sql.unquoted(Sql.parts(identity).get(0));
  }
}
