-- One hash over everything that catalog.sql reads, cheap enough to be made often. What a catalog's rows say is not read:
-- a row's xmin tells that it was written. Only pg_class is hashed by its words, since TRUNCATE, CLUSTER and REFRESH
-- write there without a change of the schema. Temporary objects do not count: some applications make them all day.
WITH space AS MATERIALIZED (
  SELECT oid, xmin, nspname FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname !~ '^pgmedic'
), relation AS MATERIALIZED (
  SELECT c.oid, c.relowner, pg_catalog.hash_record_extended(ROW(c.oid, c.relname, c.relnamespace, c.reltype, c.relowner,
           c.relam, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity), 0) AS hash
  FROM pg_catalog.pg_class c JOIN space n ON n.oid = c.relnamespace
), written AS (
SELECT 'class' AS catalog, pg_catalog.count(*) AS rows, pg_catalog.sum(hash) AS sum FROM relation
UNION ALL SELECT 'attribute', pg_catalog.count(*), pg_catalog.sum(a.xmin::text::int8)
  FROM pg_catalog.pg_attribute a JOIN relation r ON r.oid = a.attrelid WHERE a.attnum > 0
UNION ALL SELECT 'attrdef', pg_catalog.count(*), pg_catalog.sum(d.xmin::text::int8)
  FROM pg_catalog.pg_attrdef d JOIN relation r ON r.oid = d.adrelid
UNION ALL SELECT 'constraint', pg_catalog.count(*), pg_catalog.sum(k.xmin::text::int8)
  FROM pg_catalog.pg_constraint k JOIN space n ON n.oid = k.connamespace
UNION ALL SELECT 'index', pg_catalog.count(*), pg_catalog.sum(i.xmin::text::int8)
  FROM pg_catalog.pg_index i JOIN relation r ON r.oid = i.indexrelid
UNION ALL SELECT 'trigger', pg_catalog.count(*), pg_catalog.sum(t.xmin::text::int8)
  FROM pg_catalog.pg_trigger t JOIN relation r ON r.oid = t.tgrelid
UNION ALL SELECT 'policy', pg_catalog.count(*), pg_catalog.sum(p.xmin::text::int8)
  FROM pg_catalog.pg_policy p JOIN relation r ON r.oid = p.polrelid
UNION ALL SELECT 'rewrite', pg_catalog.count(*), pg_catalog.sum(w.xmin::text::int8)
  FROM pg_catalog.pg_rewrite w JOIN relation r ON r.oid = w.ev_class
UNION ALL SELECT 'inherits', pg_catalog.count(*), pg_catalog.sum(i.xmin::text::int8)
  FROM pg_catalog.pg_inherits i JOIN relation r ON r.oid = i.inhrelid
UNION ALL SELECT 'sequence', pg_catalog.count(*), pg_catalog.sum(s.xmin::text::int8)
  FROM pg_catalog.pg_sequence s JOIN relation r ON r.oid = s.seqrelid
UNION ALL SELECT 'type', pg_catalog.count(*), pg_catalog.sum(t.xmin::text::int8)
  FROM pg_catalog.pg_type t JOIN space n ON n.oid = t.typnamespace
UNION ALL SELECT 'enum', pg_catalog.count(*), pg_catalog.sum(e.xmin::text::int8) FROM pg_catalog.pg_enum e
UNION ALL SELECT 'proc', pg_catalog.count(*), pg_catalog.sum(p.xmin::text::int8)
  FROM pg_catalog.pg_proc p JOIN space n ON n.oid = p.pronamespace
UNION ALL SELECT 'namespace', pg_catalog.count(*), pg_catalog.sum(xmin::text::int8) FROM space
UNION ALL SELECT 'extension', pg_catalog.count(*), pg_catalog.sum(e.xmin::text::int8) FROM pg_catalog.pg_extension e
UNION ALL SELECT 'depend', pg_catalog.count(*), pg_catalog.sum(d.xmin::text::int8) FROM pg_catalog.pg_depend d
  WHERE d.deptype = 'e' OR (d.deptype IN ('a', 'i') AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refclassid = d.classid AND d.objid IN (SELECT oid FROM relation))
UNION ALL SELECT 'role', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hash_record_extended(ROW(r.oid, r.rolname), 0))
  FROM pg_catalog.pg_roles r WHERE r.oid IN (SELECT relowner FROM relation)
)
SELECT pg_catalog.md5(pg_catalog.string_agg(pg_catalog.format('%s:%s:%s', catalog, rows, sum), ' ' ORDER BY catalog)) AS stamp
FROM written
