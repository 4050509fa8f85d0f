-- Which of these tables a role may read.
-- $1 the role's name, $2 and $3 schema and name of each table
WITH viewer AS (SELECT oid, rolsuper, rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = $1::text)
SELECT t.number::int4 AS number,
       coalesce(pg_catalog.has_schema_privilege(v.oid, n.oid, 'USAGE'), false) AS usage,
       coalesce(pg_catalog.has_table_privilege(v.oid, c.oid, 'SELECT'), false) AS reads,
       c.relrowsecurity AND NOT coalesce(v.rolsuper OR v.rolbypassrls
         OR (NOT c.relforcerowsecurity AND pg_catalog.pg_has_role(v.oid, c.relowner, 'USAGE')), false) AS hidden
FROM ROWS FROM (pg_catalog.unnest($2::text[]), pg_catalog.unnest($3::text[])) WITH ORDINALITY AS t(schema, name, number)
JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name
LEFT JOIN viewer v ON true
ORDER BY 1
