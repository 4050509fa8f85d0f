package dev.pgmedic.catalog;

import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * An object that cannot be without another one. What is a part of a table, such as a constraint or
 * an owned sequence, is told as the table.
 *
 * @param object what rests on the other
 * @param on the other
 */
public record Dependence(Member object, Member on) {

  private static final String QUERY = SqlResource.read(Dependence.class, "dependents.sql").strip();

  /**
   * One of the two.
   *
   * @param kind what it is, in the server's words: {@code table}, {@code view}, {@code type}
   * @param schema the schema that it is in; absent for what is in none, such as a publication
   * @param identity its qualified name, quoted, in the server's words
   */
  public record Member(String kind, Optional<String> schema, String identity) {

    /** How people call it. */
    public String title() {
      return kind + " " + identity;
    }
  }

  /**
   * The query for all that rests on some objects, directly or not. The session's {@code
   * search_path} must be {@code pg_catalog}.
   *
   * @param seeds a query for the objects: the oid of their catalog, and their own
   */
  public static String query(String seeds) {
    return QUERY.replace("/*seeds*/", seeds);
  }

  /** Seeds: the relations, types and statistics of these names, which are qualified and quoted. */
  public static String named(Collection<String> identities) {
    String names =
        identities.stream().sorted().map(Dependence::row).collect(Collectors.joining(", "));
    return """
    SELECT found.class, found.obj FROM (VALUES %s) AS v (schema, name)
      JOIN pg_namespace n ON n.nspname = v.schema
      CROSS JOIN LATERAL (
        SELECT 'pg_class'::regclass::oid, oid FROM pg_class
        WHERE relnamespace = n.oid AND relname = v.name AND relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type
        WHERE typnamespace = n.oid AND typname = v.name AND typtype = 'e'
        UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
        WHERE stxnamespace = n.oid AND stxname = v.name) AS found (class, obj)\
    """
        .formatted(names);
  }

  private static String row(String identity) {
    List<String> parts = Sql.parts(identity).stream().map(Sql::unquoted).toList();
    return "(" + Sql.literal(parts.get(0)) + ", " + Sql.literal(parts.get(1)) + ")";
  }

  /** How people call it. */
  public String text() {
    return object.title() + " rests on " + on.title();
  }

  /** Reads all that rests on some objects, directly or not. Fails as the query fails. */
  public static Future<List<Dependence>> read(SqlClient session, String seeds) {
    return session
        .query(query(seeds))
        .execute()
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false).map(Dependence::dependence).toList());
  }

  private static Dependence dependence(Row row) {
    return new Dependence(member(row, ""), member(row, "on_"));
  }

  private static Member member(Row row, String prefix) {
    return new Member(
        row.getString(prefix + "kind"),
        Optional.ofNullable(row.getString(prefix + "schema")),
        row.getString(prefix + "identity"));
  }
}
