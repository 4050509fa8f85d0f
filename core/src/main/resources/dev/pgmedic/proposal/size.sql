-- How large tables are, or those of indexes, with their partitions, as last analysed. Reads catalogs alone, and locks no relation.
WITH RECURSIVE scanned AS (
  SELECT v.number, t.oid, pg_catalog.format('%I.%I', tn.nspname, t.relname) AS relation
  FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) WITH ORDINALITY AS v (schema, name, number)
  JOIN pg_catalog.pg_namespace n ON n.nspname = v.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = v.name
  LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
  JOIN pg_catalog.pg_class t ON t.oid = coalesce(x.indrelid, c.oid)
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace),
parts AS (
  SELECT number, oid FROM scanned
  UNION SELECT p.number, i.inhrelid FROM parts p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid)
SELECT s.number::int4 AS number, s.relation, (SELECT coalesce(pg_catalog.sum(c.relpages::int8), 0)
    FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.oid AND c.relkind IN ('r', 'm') WHERE p.number = s.number)::int8
  * pg_catalog.current_setting('block_size')::int8 AS bytes
FROM scanned s ORDER BY s.number
