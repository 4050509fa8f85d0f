-- The tables that have the shape of a migration tool's. Only the catalog is read; a type counts by what it is, not by what
-- somebody called a type of his own.
WITH shape (name, columns, more) AS (VALUES %s),
seen AS (
  SELECT a.attrelid, pg_catalog.count(*) AS columns_all,
         pg_catalog.array_agg(a.attname || ' ' || t.typname)
           FILTER (WHERE t.typnamespace = 'pg_catalog'::regnamespace) AS columns
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relpersistence <> 't'
  WHERE a.attnum > 0 AND NOT a.attisdropped
  GROUP BY a.attrelid)
SELECT shape.name AS shape, c.oid::int8 AS oid, n.nspname::text AS schema, c.relname::text AS name
FROM shape
JOIN seen ON shape.columns <@ seen.columns
  AND (shape.more OR pg_catalog.cardinality(shape.columns) = seen.columns_all)
JOIN pg_catalog.pg_class c ON c.oid = seen.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname, c.relname LIMIT 200
