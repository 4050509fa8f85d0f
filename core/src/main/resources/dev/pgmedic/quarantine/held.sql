-- What lies in the schemas that recoveries moved things to: one line for each object that is no part of another, at least one for each
-- schema. Rows are told of tables that were analysed. Takes no lock on a user's relation.
SELECT n.nspname AS schema, i.type AS kind, i.schema AS object_schema, i.identity, o.rows
FROM pg_catalog.pg_namespace n
LEFT JOIN LATERAL (
  SELECT 'pg_class'::regclass::oid AS class, c.oid AS obj,
         CASE WHEN c.relkind IN ('r', 'p', 'm') AND c.reltuples >= 0 THEN c.reltuples::int8 END AS rows
  FROM pg_catalog.pg_class c
  WHERE c.relnamespace = n.oid AND (c.relkind IN ('r', 'p', 'f', 'v', 'm') OR (c.relkind = 'S' AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))))
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, NULL FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE t.typnamespace = n.oid AND (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, NULL FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, NULL FROM pg_catalog.pg_statistic_ext s WHERE s.stxnamespace = n.oid
) AS o ON true
LEFT JOIN LATERAL pg_catalog.pg_identify_object(o.class, o.obj, 0) AS i ON o.obj IS NOT NULL
WHERE n.nspname ~ '^pgmedic_q_'
ORDER BY n.nspname COLLATE "C", i.type COLLATE "C", i.identity COLLATE "C"
