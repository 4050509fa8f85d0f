-- What tables have that pgCodeKeeper does not know: their replica identity and the publications that name them.
-- FOR ALL TABLES and FOR TABLES IN SCHEMA come by themselves. The columns and rows of a publication's table are of
-- PostgreSQL 15 and later: what stands between the marks is left out before.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS identity, NULL::text AS publication,
       pg_catalog.format('ALTER TABLE %I.%I REPLICA IDENTITY %s', n.nspname, c.relname,
         CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
           ELSE 'USING INDEX ' || pg_catalog.quote_ident(i.relname) END) AS statement
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index x ON x.indrelid = c.oid AND x.indisreplident
LEFT JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd' AND (c.relreplident <> 'i' OR i.oid IS NOT NULL)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pgmedic'
UNION ALL
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), p.pubname,
       pg_catalog.format('ALTER PUBLICATION %I ADD TABLE ONLY %I.%I', p.pubname, n.nspname, c.relname)
/*15(*/
       || coalesce(' (' || (
         SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])) || ')', '')
       || coalesce(' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')', '')
/*)15*/
FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pgmedic'
ORDER BY 1, 2 NULLS FIRST
