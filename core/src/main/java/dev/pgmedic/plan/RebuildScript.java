package dev.pgmedic.plan;

import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the SQL that makes missing objects into the SQL of a step: refused when it could lose
 * anything, and gentle with foreign keys of tables whose rows point at rows that were lost.
 *
 * @param statements what runs, in order
 * @param refused the first statement that could lose something; absent when none could
 */
record RebuildScript(List<String> statements, Optional<String> refused) {

  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\".]+)";
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
   * Prepares a script.
   *
   * @param made the tables that the script makes
   */
  static RebuildScript of(String script, Set<String> made) {
    List<String> generated = SqlScript.statements(script);
    List<String> statements = new ArrayList<>();
    for (String statement : generated) {
      statements.addAll(prepared(statement, made));
    }
    return new RebuildScript(
        statements,
        generated.stream().filter(statement -> !SqlScript.isHarmless(statement)).findFirst());
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
