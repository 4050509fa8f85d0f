package dev.pgmedic.plan;

import dev.pgmedic.postgres.Sql;

/**
 * What a table has beside its definition and its rows: its owner, grants, comments, storage,
 * replica identity. A table that was made anew must have the same, or nothing is done.
 */
final class Carried {

  private Carried() {}

  /**
   * A block that fails when the two tables differ.
   *
   * @param prior the table as it was, quoted
   * @param fresh the one that took its place, quoted
   */
  static String check(String prior, String fresh) {
    return "DO "
        + Sql.body(
            """
             DECLARE
              prior pg_class%%ROWTYPE;
              fresh pg_class%%ROWTYPE;
            BEGIN
              SELECT * INTO STRICT prior FROM pg_class WHERE oid = %s::regclass;
              SELECT * INTO STRICT fresh FROM pg_class WHERE oid = %s::regclass;
              IF ROW(prior.relowner, prior.relreplident, prior.reltablespace, prior.relam,
                    prior.reloptions, obj_description(prior.oid, 'pg_class'))
                  IS DISTINCT FROM ROW(fresh.relowner, fresh.relreplident, fresh.reltablespace,
                    fresh.relam, fresh.reloptions, obj_description(fresh.oid, 'pg_class'))
                  OR ARRAY(SELECT unnest(prior.relacl)::text ORDER BY 1)
                    <> ARRAY(SELECT unnest(fresh.relacl)::text ORDER BY 1) THEN
                RAISE EXCEPTION 'its owner, grants, comment or storage would not be what they were';
              END IF;
              IF EXISTS (SELECT FROM pg_attribute o JOIN pg_attribute n ON n.attname = o.attname
                  WHERE o.attrelid = prior.oid AND n.attrelid = fresh.oid AND o.attnum > 0
                    AND n.attnum > 0 AND (o.attacl::text IS DISTINCT FROM n.attacl::text
                      OR o.attoptions IS DISTINCT FROM n.attoptions
                      OR coalesce(o.attstattarget, -1) <> coalesce(n.attstattarget, -1)
                      OR (o.atttypid = n.atttypid AND o.attstorage <> n.attstorage)
                      OR col_description(prior.oid, o.attnum)
                        IS DISTINCT FROM col_description(fresh.oid, n.attnum))) THEN
                RAISE EXCEPTION 'the grants or the comment of a column would not be what they were';
              END IF;
              IF EXISTS (SELECT FROM pg_rewrite WHERE ev_class = prior.oid)
                  OR EXISTS (SELECT FROM pg_seclabel WHERE objoid = prior.oid)
                  OR EXISTS (SELECT FROM pg_publication_tables p JOIN pg_namespace s
                    ON s.nspname = p.schemaname
                    WHERE s.oid = fresh.relnamespace AND p.tablename = fresh.relname) THEN
                RAISE EXCEPTION 'a rule, a label or a publication would not be carried over';
              END IF;
            END\
            """
                    .formatted(Sql.literal(prior), Sql.literal(fresh))
                + " ");
  }

  /** A block that fails when rows would be moved with the rights of a superuser. */
  static String checkOwner(String owner) {
    return "DO "
        + Sql.body(
            " BEGIN IF (SELECT rolsuper FROM pg_roles WHERE rolname = "
                + Sql.literal(owner)
                + ") THEN\n  RAISE EXCEPTION 'no row is moved with the rights of a superuser';\n"
                + "END IF; END ");
  }
}
