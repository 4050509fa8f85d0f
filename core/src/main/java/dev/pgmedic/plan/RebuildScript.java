package dev.pgmedic.plan;

import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlScript;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns the SQL that makes missing objects into the SQL of a step: refused when it could lose
 * anything or would write a table anew, and gentle with foreign keys of tables whose rows point at
 * rows that were lost.
 *
 * @param statements what runs, in order
 * @param refused why it is refused, in one sentence; absent when it is not
 */
record RebuildScript(List<String> statements, Optional<String> refused) {

  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".]+)";
  private static final Pattern TABLE =
      Pattern.compile("ALTER TABLE (?:ONLY )?(" + NAME + "\\." + NAME + ")\\s");
  private static final Pattern COLUMN =
      Pattern.compile(TABLE.pattern() + "\\s*(?:ADD|ALTER|DROP) COLUMN (" + NAME + ")(?=[\\s;]|$)");
  private static final Pattern FORCES =
      Pattern.compile(TABLE.pattern() + "\\s*FORCE ROW LEVEL SECURITY");
  private static final Pattern MAKES_VIEW =
      Pattern.compile("CREATE VIEW (" + NAME + "\\." + NAME + ")(?=\\s)");
  private static final Pattern DROPS_VIEW =
      Pattern.compile("DROP VIEW (" + NAME + "\\." + NAME + ")(?=\\s|$)");
  private static final Pattern FOREIGN_KEY =
      Pattern.compile(
          "(?s)ALTER TABLE (?:ONLY )?("
              + NAME
              + "\\."
              + NAME
              + ")\\s+ADD CONSTRAINT ("
              + NAME
              + ") FOREIGN KEY .*");

  /**
   * What a script is to make.
   *
   * @param tables the tables that it makes
   * @param columns the columns that it makes or changes in tables that are there
   * @param columnsAlone whether it changes nothing but columns
   */
  record Scope(Set<String> tables, Set<String> columns, boolean columnsAlone) {

    // Other columns may differ too, and what rests on a column is made anew with it, though a
    // change of its default or its NOT NULL needs none of that.
    private boolean isIn(String statement) {
      Matcher column = COLUMN.matcher(statement);
      if (!column.lookingAt()) {
        return !columnsAlone;
      }
      return tables.contains(column.group(1))
          || columns.contains(column.group(1) + "." + column.group(2));
    }
  }

  /** Prepares a script, of which only what is in the scope is kept. */
  static RebuildScript of(String script, Scope scope) {
    Set<String> made = scope.tables();
    List<String> generated =
        withViewsReplaced(SqlScript.statements(script).stream().filter(scope::isIn).toList());
    List<String> statements = new ArrayList<>();
    for (String statement : generated) {
      statements.addAll(prepared(statement, made));
    }
    return new RebuildScript(
        withForceLast(statements, made),
        generated.stream()
            .filter(statement -> !SqlScript.isHarmless(statement))
            .findFirst()
            .map(loses -> "the generated SQL could lose something and is refused: " + loses)
            .or(() -> generated.stream().flatMap(s -> unfit(s, made).stream()).findFirst())
            .or(() ->
                Optional.of("no SQL is known that makes it as known-good has it")
                    .filter(why -> generated.isEmpty())));
  }

  // Once it is forced the owner may not read the table either, as a materialized view on it does.
  private static List<String> withForceLast(List<String> statements, Set<String> made) {
    Predicate<String> forces =
        statement -> FORCES.matcher(statement).lookingAt() && isOfMade(statement, made);
    return Stream.concat(
            statements.stream().filter(Predicate.not(forces)), statements.stream().filter(forces))
        .toList();
  }

  private static boolean isOfMade(String statement, Set<String> made) {
    Matcher table = TABLE.matcher(statement);
    return table.lookingAt() && made.contains(table.group(1));
  }

  // A view keeps its grants and what rests on it when it is replaced; where its columns are other
  // ones the server refuses that.
  private static List<String> withViewsReplaced(List<String> statements) {
    Set<String> made = names(MAKES_VIEW, statements);
    Set<String> replaced = names(DROPS_VIEW, statements);
    replaced.retainAll(made);
    return statements.stream()
        .filter(statement -> !isOf(DROPS_VIEW, statement, replaced))
        .map(statement ->
            isOf(MAKES_VIEW, statement, replaced)
                ? "CREATE OR REPLACE" + statement.substring("CREATE".length())
                : statement)
        .toList();
  }

  private static Set<String> names(Pattern pattern, List<String> statements) {
    return statements.stream()
        .map(pattern::matcher)
        .filter(Matcher::lookingAt)
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static boolean isOf(Pattern pattern, String statement, Set<String> names) {
    Matcher matcher = pattern.matcher(statement);
    return matcher.lookingAt() && names.contains(matcher.group(1));
  }

  // A table that the script makes has no rows yet.
  private static Optional<String> unfit(String statement, Set<String> made) {
    Matcher table = TABLE.matcher(statement);
    if (!table.lookingAt() || made.contains(table.group(1))) {
      return Optional.empty();
    }
    if (SqlScript.lacksValue(statement)) {
      return Optional.of(
          "the rows that are there have no value for the column, which must have one; add it by"
              + " hand with a value for them: "
              + statement);
    }
    return Optional.of("it would write every row of the table anew: " + statement)
        .filter(why -> SqlScript.rewrites(statement));
  }

  // The rebuilt table is empty: rows of a surviving table may point at rows that were lost. Its
  // foreign key comes back
  // for all new rows, and for the old ones only where they still hold.
  private static List<String> prepared(String statement, Set<String> made) {
    Matcher key = FOREIGN_KEY.matcher(statement);
    if (!key.matches() || made.contains(key.group(1)) || statement.endsWith(" NOT VALID")) {
      return List.of(statement);
    }
    String validate = "ALTER TABLE " + key.group(1) + " VALIDATE CONSTRAINT " + key.group(2) + ";";
    return List.of(
        statement + " NOT VALID",
        "DO "
            + Sql.body(
                " BEGIN\n  "
                    + validate
                    + "\nEXCEPTION WHEN foreign_key_violation THEN\n"
                    + "  RAISE NOTICE"
                    + " 'rows point at rows that were lost: the key stays NOT VALID';\n"
                    + "END "));
  }
}
