package dev.pgmedic.plan.action;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogQuery;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An object that is there and is made another.
 *
 * @param object which one
 * @param from how it was defined when it was seen, as {@link
 *     dev.pgmedic.catalog.CatalogObject#definition} has it
 * @param to how it is defined then
 */
public record Change(Key object, String from, String to) {

  /**
   * Ready when all objects are as they were seen, done when all are as they shall be. Asks the
   * query that a check reads the schema with, so that the same definition has the same words.
   */
  static String noneOrAll(List<Change> changes) {
    String rows = changes.stream().map(Change::row).collect(Collectors.joining(",\n  "));
    return """
    SELECT CASE WHEN bool_and(coalesce(o.definition = w.seen, false)) THEN 'ready'
      WHEN bool_and(coalesce(o.definition = w.wanted, false)) THEN 'done'
      ELSE 'neither' END AS standing
    FROM (VALUES
      %s) AS w (kind, identity, seen, wanted)
    LEFT JOIN (
    %s
    ) AS o ON o.kind = w.kind AND o.identity = w.identity\
    """
        .formatted(rows, CatalogQuery.TEXT);
  }

  private String row() {
    return "("
        + Sql.literal(object.kind().toString())
        + ", "
        + Sql.literal(object.identity())
        + ", "
        + Sql.literal(from)
        + ", "
        + Sql.literal(to)
        + ")";
  }
}
