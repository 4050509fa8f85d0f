-- Why tables cannot be made anew with their rows: what a new table would not have by its definition. Reads catalogs alone.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) || ' would have to be made anew, and ' || r.reason AS reason
FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS v (schema, name)
JOIN pg_catalog.pg_namespace n ON n.nspname = v.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = v.name
JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
CROSS JOIN LATERAL (VALUES
  (o.rolsuper, 'its owner is a superuser, with whose rights no row is moved: give it to another role'),
  (c.relreplident <> 'd', 'its replica identity is not the default one'),
  (c.reloptions IS NOT NULL OR c.reltablespace <> 0 OR c.reloftype <> 0, 'it has storage settings or a type of its own'),
  (EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid), 'it has rules'),
  (EXISTS (SELECT FROM pg_catalog.pg_publication_tables p WHERE p.schemaname = v.schema AND p.tablename = v.name),
    'a publication shows it, whose subscribers would get every row twice')
) AS r (holds, reason)
WHERE r.holds ORDER BY 1
