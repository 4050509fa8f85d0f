package dev.pgmedic.plan.action;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Asks the catalog in SQL which of some objects are there. Reads system catalogs by their indexes
 * and takes no lock on a user's relation.
 */
final class Existence {

  private Existence() {}

  /** Ready when none of the objects is there, done when all are. */
  static String noneOrAll(List<Key> objects) {
    String wanted = objects.stream().map(Existence::row).collect(Collectors.joining(",\n  "));
    String tests =
        objects.stream()
            .map(Key::kind)
            .distinct()
            .map(kind -> "  WHEN " + Sql.literal(kind.toString()) + " THEN " + test(kind))
            .collect(Collectors.joining("\n"));
    return """
    SELECT CASE count(*) FILTER (WHERE there)
      WHEN 0 THEN 'ready' WHEN count(*) THEN 'done' ELSE 'neither' END AS standing
    FROM (VALUES
      %s) AS o (kind, schema, name, part)
    LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = o.schema
    LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = o.name
    CROSS JOIN LATERAL (SELECT CASE o.kind
    %s
    END AS there) AS found\
    """
        .formatted(wanted, tests);
  }

  // The quotes are a string's, so that a name is compared as it is and never read as SQL.
  private static String row(Key object) {
    List<String> parts = Sql.parts(object.identity());
    String schema = Sql.unquoted(parts.get(0));
    String name = object.identity().substring(parts.get(0).length() + 1);
    String part = "";
    if (object.kind() == Kind.FUNCTION) {
      int arguments = beginOfArguments(name);
      part = name.substring(arguments + 1, name.length() - 1);
      name = name.substring(0, arguments);
    } else if (parts.size() > 2) {
      name = parts.get(1);
      part = Sql.unquoted(parts.get(2));
    }
    return "("
        + Sql.literal(object.kind().toString())
        + ", "
        + Sql.literal(schema)
        + ", "
        + Sql.literal(Sql.unquoted(name))
        + ", "
        + Sql.literal(part)
        + ")";
  }

  private static int beginOfArguments(String name) {
    boolean quoted = false;
    for (int i = 0; i < name.length(); i++) {
      quoted ^= name.charAt(i) == '"';
      if (!quoted && name.charAt(i) == '(') {
        return i;
      }
    }
    throw new IllegalArgumentException("expected a function's arguments behind " + name);
  }

  private static String test(Kind kind) {
    return switch (kind) {
      case TABLE -> "coalesce(c.relkind IN ('r', 'p', 'f'), false)";
      case VIEW -> "coalesce(c.relkind = 'v', false)";
      case MATERIALIZED_VIEW -> "coalesce(c.relkind = 'm', false)";
      case SEQUENCE -> "coalesce(c.relkind = 'S', false)";
      case INDEX -> "coalesce(c.relkind IN ('i', 'I'), false)";
      case COLUMN ->
          "EXISTS (SELECT FROM pg_catalog.pg_attribute"
              + " WHERE attrelid = c.oid AND attname = o.part AND NOT attisdropped)";
      case CONSTRAINT ->
          "EXISTS (SELECT FROM pg_catalog.pg_constraint"
              + " WHERE conrelid = c.oid AND conname = o.part)";
      case TRIGGER ->
          "EXISTS (SELECT FROM pg_catalog.pg_trigger"
              + " WHERE tgrelid = c.oid AND tgname = o.part AND NOT tgisinternal)";
      case POLICY ->
          "EXISTS (SELECT FROM pg_catalog.pg_policy"
              + " WHERE polrelid = c.oid AND polname = o.part)";
      case ENUM ->
          "EXISTS (SELECT FROM pg_catalog.pg_type"
              + " WHERE typnamespace = n.oid AND typname = o.name AND typtype = 'e')";
      case FUNCTION ->
          "EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid"
              + " AND p.proname = o.name AND o.part = coalesce((SELECT pg_catalog.string_agg("
              + "pg_catalog.format_type(a.type, NULL), ', ' ORDER BY a.ordinality)"
              + " FROM pg_catalog.unnest(p.proargtypes::oid[])"
              + " WITH ORDINALITY AS a(type, ordinality)), ''))";
    };
  }
}
