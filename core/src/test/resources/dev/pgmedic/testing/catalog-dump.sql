-- Every fact of a schema as one line, by pg_get_*def and the catalogs' own columns. For tests alone: it takes locks.
WITH rel AS (
  SELECT c.*, format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pgmedic'
), fact AS (
SELECT concat_ws(' | ', 'relation', name, relkind, relpersistence, relreplident, relrowsecurity, relforcerowsecurity,
  reloptions, reltablespace, relam, relowner::regrole,
  'acl ' || (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(relacl) AS a),
  'bound ' || pg_get_expr(relpartbound, oid), 'key ' || CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) END,
  'parents ' || (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = rel.oid),
  'comment ' || obj_description(oid, 'pg_class')) AS line FROM rel WHERE relkind <> 'c' AND relkind <> 't'
UNION ALL
SELECT concat_ws(' | ', 'column', rel.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
  a.attgenerated, a.attstorage, a.attcompression, coalesce(a.attstattarget, -1), a.attoptions, a.attislocal, a.attinhcount,
  'collation ' || NULLIF(a.attcollation, 0)::regcollation, 'default ' || pg_get_expr(d.adbin, d.adrelid),
  'acl ' || (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.attacl) AS x),
  'comment ' || col_description(rel.oid, a.attnum))
FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = rel.oid AND d.adnum = a.attnum WHERE rel.relkind <> 't'
UNION ALL
SELECT concat_ws(' | ', 'constraint', rel.name, k.conname, pg_get_constraintdef(k.oid), k.convalidated, k.conislocal,
  k.connoinherit, 'comment ' || obj_description(k.oid, 'pg_constraint')) FROM rel JOIN pg_constraint k ON k.conrelid = rel.oid
WHERE k.contype <> 't'
UNION ALL
SELECT concat_ws(' | ', 'index', rel.name, pg_get_indexdef(x.indexrelid), x.indisvalid, x.indisclustered, x.indisreplident)
FROM rel JOIN pg_index x ON x.indexrelid = rel.oid WHERE rel.relkind IN ('i', 'I') AND rel.name !~ '^pg_toast'
UNION ALL
SELECT concat_ws(' | ', 'trigger', rel.name, pg_get_triggerdef(t.oid), t.tgenabled, 'comment ' || obj_description(t.oid, 'pg_trigger'))
FROM rel JOIN pg_trigger t ON t.tgrelid = rel.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT concat_ws(' | ', 'rule', rel.name, pg_get_ruledef(r.oid), r.ev_enabled, 'comment ' || obj_description(r.oid, 'pg_rewrite'))
FROM rel JOIN pg_rewrite r ON r.ev_class = rel.oid
UNION ALL
SELECT concat_ws(' | ', 'policy', rel.name, p.polname, p.polcmd, p.polpermissive,
  (SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ',' ORDER BY r) FROM unnest(p.polroles) AS r),
  'using ' || pg_get_expr(p.polqual, rel.oid), 'check ' || pg_get_expr(p.polwithcheck, rel.oid),
  'comment ' || obj_description(p.oid, 'pg_policy')) FROM rel JOIN pg_policy p ON p.polrelid = rel.oid
UNION ALL
SELECT concat_ws(' | ', 'statistics', s.stxname, s.stxnamespace::regnamespace, pg_get_statisticsobjdef(s.oid), s.stxowner::regrole,
  coalesce(s.stxstattarget, -1), 'comment ' || obj_description(s.oid, 'pg_statistic_ext'))
FROM rel JOIN pg_statistic_ext s ON s.stxrelid = rel.oid
UNION ALL
SELECT concat_ws(' | ', 'sequence', rel.name, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
  'of ' || (SELECT string_agg(o.name || '.' || a.attname, ',') FROM pg_depend d JOIN rel o ON o.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = rel.oid AND d.refclassid = d.classid AND d.deptype IN ('a', 'i')))
FROM rel JOIN pg_sequence s ON s.seqrelid = rel.oid
UNION ALL
SELECT concat_ws(' | ', 'publication', p.pubname, p.schemaname, p.tablename, p.attnames, p.rowfilter) FROM pg_publication_tables p
UNION ALL
SELECT concat_ws(' | ', 'named in publication', p.pubname, rel.name) FROM rel
JOIN pg_publication_rel r ON r.prrelid = rel.oid JOIN pg_publication p ON p.oid = r.prpubid
UNION ALL
SELECT concat_ws(' | ', 'type', format('%I.%I', n.nspname, t.typname), t.typtype, t.typowner::regrole, t.typacl,
  (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
  t.typnotnull, t.typdefault, (SELECT string_agg(pg_get_constraintdef(oid), ',' ORDER BY conname) FROM pg_constraint WHERE contypid = t.oid),
  'comment ' || obj_description(t.oid, 'pg_type'))
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pgmedic'
UNION ALL
SELECT concat_ws(' | ', 'function', p.oid::regprocedure, p.proowner::regrole, p.proacl, md5(pg_get_functiondef(p.oid)),
  'comment ' || obj_description(p.oid, 'pg_proc'))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind = 'f' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pgmedic'
)
SELECT line FROM fact ORDER BY line COLLATE "C"
