package dev.pgmedic.enums;

import dev.pgmedic.postgres.ForeignText;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * What one look at the catalogs finds under a type's name.
 *
 * @param labels the labels of the enum type, in order; empty when the name is free
 * @param remedy what gives the session's role the right to make the type or to add labels to it
 */
record FoundType(Optional<List<String>> labels, String remedy) {

  private static final int LONGEST_REMEDY = 500;

  private static final String LOOK =
      """
      SELECT n.oid IS NOT NULL AS has_schema,
             CASE t.typtype::text WHEN 'e' THEN 'enum' WHEN 'd' THEN 'a domain'
               WHEN 'r' THEN 'a range type' WHEN 'm' THEN 'a multirange type'
               WHEN 'c' THEN 'a table, view or composite type' WHEN 'p' THEN 'a pseudo-type'
               WHEN 'b' THEN 'a base type' ELSE 'a type of kind ' || t.typtype::text END
               AS kind,
             ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid
                   ORDER BY e.enumsortorder) AS labels,
             CASE WHEN t.oid IS NULL
               THEN pg_catalog.format(
                 'GRANT CREATE ON SCHEMA %I TO %I', wanted.schema, current_user)
               WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
               THEN pg_catalog.format(
                 'GRANT USAGE ON SCHEMA %I TO %I', n.nspname, current_user)
               WHEN r.rolsuper
               THEN pg_catalog.format(
                 'ALTER TYPE %I.%I OWNER TO %I', n.nspname, t.typname, current_user)
               ELSE pg_catalog.format('GRANT %I TO %I', r.rolname, current_user) END
               AS remedy
      FROM (VALUES ($1::text, $2::text)) wanted (schema, name)
      LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
      LEFT JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = wanted.name
        -- CREATE TYPE moves the array type of another type out of the way.
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
      LEFT JOIN pg_catalog.pg_roles r ON r.oid = t.typowner
      """;

  /**
   * Completes with what is there; fails with {@link EnumRefused} when there is no such schema, or
   * something else has the name, and as the connection does.
   */
  static Future<FoundType> look(PgConnection session, EnumType type) {
    return session
        .preparedQuery(LOOK)
        .execute(Tuple.of(type.schema(), type.name()))
        .compose(rows -> read(rows.iterator().next(), type));
  }

  private static Future<FoundType> read(Row row, EnumType type) {
    if (!row.getBoolean("has_schema")) {
      return Future.failedFuture(
          new EnumRefused(type, "there is no such schema; expected it to be made before"));
    }
    String remedy = ForeignText.visible(row.getString("remedy"), LONGEST_REMEDY);
    String kind = row.getString("kind");
    if (kind == null) {
      return Future.succeededFuture(new FoundType(Optional.empty(), remedy));
    }
    if (!kind.equals("enum")) {
      return Future.failedFuture(
          new EnumRefused(
              type, "the name is taken by " + kind + "; expected an enum type or nothing"));
    }
    List<String> labels = List.of(row.getArrayOfStrings("labels"));
    return Future.succeededFuture(new FoundType(Optional.of(labels), remedy));
  }
}
