package dev.pgmedic.plan;

import dev.pgmedic.postgres.Sql;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Lets the sequences of tables that come back empty go on behind every number that rows of other
 * tables still name: a new row must not become the one that an old reference means. What the owner
 * may not read is left out, and said.
 */
final class Continued {

  @SuppressWarnings("InlineFormatString") // a page of SQL, apart from what fills it
  private static final String EACH =
      """
       DECLARE
        kept record;
        newest numeric;
      BEGIN
        FOR kept IN
          SELECT s.oid::regclass AS sequence, q.seqmax,
                 k.conrelid::regclass AS child, a.attname AS name
          FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
          JOIN pg_sequence q ON q.seqrelid = s.oid AND q.seqincrement > 0
          JOIN pg_constraint k ON k.confrelid = d.refobjid AND k.contype = 'f'
          CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (child, parent)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.child
          WHERE d.classid = 'pg_class'::regclass AND d.refclassid = d.classid
            AND d.deptype IN ('a', 'i')
            AND d.refobjid = ANY (%s::regclass[]) AND d.refobjsubid = pair.parent
        LOOP
          BEGIN
            EXECUTE format('SELECT max(%%I) FROM %%s', kept.name, kept.child) INTO newest;
            EXECUTE
              format('SELECT greatest(last_value, %%L::numeric) FROM %%s', newest, kept.sequence)
              INTO newest;
            IF newest > 1 AND newest <= kept.seqmax THEN
              PERFORM setval(kept.sequence, newest::bigint);
            END IF;
          EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE '%% may not be read, so %% begins anew', kept.child, kept.sequence;
          END;
        END LOOP;
      END\
      """;

  private Continued() {}

  /**
   * The statement.
   *
   * @param tables the tables that came back, quoted where they must be
   */
  static String in(Collection<String> tables) {
    String names =
        tables.stream().sorted().map(Sql::literal).collect(Collectors.joining(", ", "ARRAY[", "]"));
    return "DO " + Sql.body(EACH.formatted(names));
  }
}
