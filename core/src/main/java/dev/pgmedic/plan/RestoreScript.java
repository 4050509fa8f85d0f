package dev.pgmedic.plan;

import dev.pgmedic.plan.action.RestoreRows;
import dev.pgmedic.plan.remedy.Restored;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlScript;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts together the statements that make a table anew with its rows. Of the generated SQL only what
 * makes the table, its parts and the sequences that it owns is kept: what it rests on is there.
 */
final class RestoreScript {

  private final Restored restored;
  private final String copy;
  private final Pattern own;
  private final Pattern bare;

  private RestoreScript(Restored restored) {
    this.restored = restored;
    this.copy = inQuarantine(restored.table());
    String table = Pattern.quote(restored.table());
    String owned =
        Stream.concat(Stream.of(restored.table()), restored.sequences().stream())
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(?:", ")"));
    this.bare =
        Pattern.compile(
            "(?s)CREATE SEQUENCE .*|ALTER SEQUENCE .* OWNER TO .*|CREATE TABLE .*|ALTER TABLE "
                + table
                + " ALTER COLUMN \\S.* ADD GENERATED .*");
    this.own =
        Pattern.compile(
            "(?s)(?:CREATE SEQUENCE|ALTER SEQUENCE|CREATE TABLE|ALTER TABLE(?: ONLY)?"
                + "|COMMENT ON (?:TABLE|SEQUENCE)) "
                + owned
                + "(?=\\s).*|CREATE (?:UNIQUE INDEX|INDEX|TRIGGER|CONSTRAINT TRIGGER|POLICY)"
                + " .*\\sON (?:ONLY )?"
                + table
                + "(?=\\s).*"
                + "|COMMENT ON (?:CONSTRAINT|TRIGGER|POLICY) .* ON "
                + table
                + " IS .*|COMMENT ON (?:COLUMN "
                + table
                + "\\.|INDEX ).*|(?:GRANT|REVOKE) .* ON (?:TABLE |SEQUENCE )?"
                + owned
                + "(?=\\s).*");
  }

  /**
   * The step.
   *
   * @param definitions SQL that makes the table, and what it rests on, from nothing
   */
  static RestoreRows step(Restored restored, String definitions) {
    return new RestoreRows(
        restored.table(),
        restored.schema(),
        new RestoreScript(restored).body(definitions),
        restored.seen(),
        restored.wanted());
  }

  private List<String> body(String definitions) {
    List<String> made =
        SqlScript.statements(definitions).stream()
            .filter(statement -> own.matcher(statement).matches())
            .toList();
    String schema = Sql.identifier(restored.schema());
    String owner = Sql.identifier(restored.owner());
    List<String> body = new ArrayList<>();
    body.add("CREATE SCHEMA IF NOT EXISTS " + schema);
    body.add("GRANT USAGE ON SCHEMA " + schema + " TO " + owner);
    body.add("ALTER TABLE " + restored.table() + " SET SCHEMA " + schema);
    restored.keys().forEach(key -> body.add("ALTER TABLE " + copy + " DROP CONSTRAINT " + key));
    body.add(Carried.checkOwner(restored.owner()));
    body.add("SET LOCAL ROLE " + owner);
    made.stream().filter(this::isBare).forEach(body::add);
    body.add(inserted());
    body.add(compared());
    restored.sequences().forEach(sequence -> body.add(continued(sequence)));
    made.stream().filter(statement -> !isBare(statement)).forEach(body::add);
    body.add(Carried.check(copy, restored.table()));
    body.add("SET LOCAL ROLE none");
    body.add("REVOKE USAGE ON SCHEMA " + schema + " FROM " + owner);
    return body;
  }

  // What has to be there before the rows; triggers, rules, keys and policies come behind them.
  private boolean isBare(String statement) {
    return bare.matcher(statement).matches();
  }

  private String inQuarantine(String identity) {
    String schema = Sql.parts(identity).get(0);
    return Sql.identifier(restored.schema()) + identity.substring(schema.length());
  }

  private String inserted() {
    String columns = String.join(", ", restored.columns());
    return "INSERT INTO "
        + restored.table()
        + " ("
        + columns
        + ") OVERRIDING SYSTEM VALUE\nSELECT "
        + columns
        + " FROM ONLY "
        + copy;
  }

  // By the words of the values: a cast that loses anything shows.
  private String compared() {
    return "DO "
        + Sql.body(
            " BEGIN\n  IF "
                + sum(copy)
                + "\n    IS DISTINCT FROM "
                + sum(restored.table())
                + " THEN\n    RAISE EXCEPTION 'the rows would not be what they were';\n"
                + "  END IF;\nEND ");
  }

  private String sum(String table) {
    String values =
        restored.columns().stream()
            .map(column -> "t." + column + "::text")
            .collect(Collectors.joining(", "));
    return "(SELECT ROW(count(*), sum(('x' || substr(md5(ROW("
        + values
        + ")::text), 1, 16))::bit(64)::int8::numeric)) FROM ONLY "
        + table
        + " t)";
  }

  private String continued(String sequence) {
    return "SELECT setval("
        + Sql.literal(sequence)
        + ", last_value, is_called) FROM "
        + inQuarantine(sequence);
  }
}
