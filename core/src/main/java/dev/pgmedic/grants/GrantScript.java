package dev.pgmedic.grants;

import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * A script for psql that gives a role what its duty needs: all of it or nothing, safe to run again,
 * with a comment why above each right. It neither holds nor sets a password.
 */
public final class GrantScript {

  private final Duty duty;
  private final String role;
  private final String database;
  private final List<String> lines = new ArrayList<>();

  private GrantScript(Duty duty, String role, String database) {
    this.duty = duty;
    this.role = role;
    this.database = database;
  }

  /** The script for a database that was looked at. */
  public static String of(Duty duty, Rights rights) {
    GrantScript script = new GrantScript(duty, rights.role().name(), rights.server().database());
    script.begin(rights.role().superuser());
    Needs.of(duty, rights).stream()
        .filter(need -> !need.usual() || !need.held())
        .forEach(script::add);
    if (duty == Duty.MONITOR && rights.tables().isEmpty()) {
      script.lines.add("");
      script.comment(
          "No table of a known migration tool is here yet: print this again after the first"
              + " migration, so that its history can be read.");
    }
    return script.end();
  }

  /**
   * What can be said of a database that could not be looked at; the rest stands in comments.
   *
   * @param reason why it could not
   */
  public static String unseen(Duty duty, String role, String database, String reason) {
    GrantScript script = new GrantScript(duty, role, database);
    script.begin(false);
    Rights.Role nobody =
        new Rights.Role(role, false, false, true, false, false, false, false, true, true);
    Rights nothing = new Rights(new Rights.Server(database, 0), nobody, List.of(), List.of());
    Needs.of(duty, nothing).stream().filter(need -> !need.usual()).forEach(script::add);
    script.lines.add("");
    script.comment(
        "NOT WHOLE, since the database could not be looked at: "
            + ForeignText.visible(reason, ForeignText.NAME));
    String to = " TO " + Sql.visibleIdentifier(role) + ";";
    script.comment("Print it again when it can, or write by hand what is missing:");
    switch (duty) {
      case MONITOR -> {
        script.comment("  GRANT USAGE ON SCHEMA <of the migration tool's tables>" + to);
        script.comment("  GRANT SELECT ON TABLE <its history and lock tables>" + to);
      }
      case WORKER -> script.comment("  GRANT <each owner of the objects>" + to);
    }
    return script.end();
  }

  private void begin(boolean superuser) {
    String name = visible(role);
    comment(
        "The rights of pgmedic's " + duty + " " + name + " in database " + visible(database) + ".");
    comment("Run it with psql in that database, as a superuser. It may be run again.");
    if (superuser) {
      comment(name + " IS A SUPERUSER and needs none of this; a role of its own is safer.");
    }
    lines.add("\\set ON_ERROR_STOP on");
    lines.add("SET client_encoding = 'UTF8';");
    lines.add("BEGIN;");
    lines.add(
        "DO "
            + Sql.body(
                " BEGIN\n  IF pg_catalog.current_database() <> "
                    + Sql.visibleLiteral(database)
                    + " THEN\n    RAISE EXCEPTION 'this is database %, the script is for another"
                    + " one', pg_catalog.current_database();\n  END IF;\nEND ")
            + ";");
    lines.add("");
    comment("The role, unless it is there; it must be able to log in.");
    lines.add(
        "DO "
            + Sql.body(
                " BEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
                    + Sql.visibleLiteral(role)
                    + ") THEN\n    CREATE ROLE "
                    + Sql.visibleIdentifier(role)
                    + ";\n  END IF;\nEND ")
            + ";");
    lines.add("ALTER ROLE " + Sql.visibleIdentifier(role) + " LOGIN;");
  }

  private void add(Need need) {
    lines.add("");
    comment("To " + need.purpose() + ".");
    comment("Without it " + need.without() + ".");
    need.advice().forEach(this::comment);
    need.statements().forEach(statement -> lines.add(statement + ";"));
  }

  private static String visible(String name) {
    return ForeignText.visible(Sql.visibleIdentifier(name), ForeignText.NAME);
  }

  private void comment(String text) {
    lines.add("-- " + ForeignText.visible(text, 4 * ForeignText.NAME));
  }

  private String end() {
    lines.add("");
    lines.add("COMMIT;");
    comment("Its password, where it needs one: \\password " + visible(role));
    return String.join("\n", lines) + "\n";
  }
}
