-- Whose the objects of this database are, schema by schema, and whether a role may act as those owners.
-- pg_database_owner stands for whoever owns the database: nobody can be made a member of it.
-- $1 the role's name
WITH viewer AS (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1::text),
space AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname !~ '^pgmedic'),
object AS (
  SELECT c.relowner AS owner, c.relnamespace AS space, c.relname::text AS name, 'pg_catalog.pg_class'::pg_catalog.regclass AS class, c.oid
  FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL
  SELECT t.typowner, t.typnamespace, t.typname::text, 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
  FROM pg_catalog.pg_type t WHERE t.typtype IN ('e', 'd')
  UNION ALL
  SELECT p.proowner, p.pronamespace, p.proname::text, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid
  FROM pg_catalog.pg_proc p),
owned AS (
  SELECT CASE WHEN r.rolname = 'pg_database_owner' THEN d.datdba ELSE o.owner END AS owner, s.oid AS space, s.nspname,
         pg_catalog.count(*) AS objects, pg_catalog.min(pg_catalog.format('%I.%I', s.nspname, o.name)) AS example
  FROM object o JOIN space s ON s.oid = o.space JOIN pg_catalog.pg_roles r ON r.oid = o.owner
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.deptype = 'e' AND e.classid = o.class AND e.objid = o.oid)
  GROUP BY 1, 2, 3)
SELECT r.rolname::text AS owner, r.rolsuper AS superuser, o.nspname::text AS schema, o.objects, o.example,
       pg_catalog.has_schema_privilege(o.owner, o.space, 'USAGE') AND pg_catalog.has_schema_privilege(o.owner, o.space, 'CREATE') AS creates,
       coalesce(pg_catalog.pg_has_role(v.oid, o.owner, 'USAGE')
         AND pg_catalog.pg_has_role(v.oid, o.owner,
           CASE WHEN pg_catalog.current_setting('server_version_num')::int4 >= 160000 THEN 'SET' ELSE 'MEMBER' END), false) AS acts
FROM owned o JOIN pg_catalog.pg_roles r ON r.oid = o.owner LEFT JOIN viewer v ON true
ORDER BY 1, 3
