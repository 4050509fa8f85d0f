-- Every user object of the database, one row each: what it is, whose it is, how it is defined, what it rests on.
-- Takes no lock on a user's relation: no pg_get_*def, no pg_get_expr, no size function. Stored expressions are compared
-- as hashes of their text without what a rebuild changes (oids, numbers of columns, positions in the source, spelled-out casts).
-- The session's search_path must be pg_catalog, so that every name comes out qualified. Nothing here is looked up row by row
-- in a WITH query, which has no index: on thousands of tables that would be quadratic.
-- Whether a constraint is enforced is a column since PostgreSQL 18 alone; one that is not is never validated.
WITH space AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname !~ '^pgmedic'
), extension_member AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), relation AS (
  SELECT c.oid, c.reltype, c.relname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence,
         pg_catalog.format('%I.%I', n.nspname, c.relname) AS identity, n.nspname
  FROM pg_catalog.pg_class c JOIN space n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
    AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid)
), user_type AS (
  SELECT t.oid, t.typtype, t.typowner, t.typarray, pg_catalog.format('%I.%I', n.nspname, t.typname) AS identity
  FROM pg_catalog.pg_type t JOIN space n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd')
    AND NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND e.objid = t.oid)
), used_type AS (
  SELECT oid, identity FROM user_type UNION ALL SELECT typarray, identity FROM user_type WHERE typarray <> 0
), row_type AS (
  SELECT reltype AS oid, identity FROM relation WHERE reltype <> 0
  UNION ALL SELECT t.typarray, r.identity FROM relation r JOIN pg_catalog.pg_type t ON t.oid = r.reltype AND t.typarray <> 0
), routine AS (
  SELECT p.oid, p.proowner, p.prolang, p.prosrc, p.prorettype, p.provolatile, p.prosecdef, p.prokind, p.proargtypes,
         pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, (
           SELECT pg_catalog.string_agg(pg_catalog.format_type(a.type, NULL), ', ' ORDER BY a.ordinality)
           FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, ordinality))) AS identity
  FROM pg_catalog.pg_proc p JOIN space n ON n.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM extension_member e WHERE e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid)
), rests_on AS (
  SELECT d.classid, d.objid, r.identity FROM pg_catalog.pg_depend d JOIN relation r ON r.oid = d.refobjid
  WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  UNION ALL SELECT d.classid, d.objid, pg_catalog.format('%s.%I', r.identity, a.attname)
  FROM pg_catalog.pg_depend d JOIN relation r ON r.oid = d.refobjid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
  WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  UNION ALL SELECT d.classid, d.objid, t.identity FROM pg_catalog.pg_depend d
  JOIN (SELECT oid, identity FROM used_type UNION ALL SELECT oid, identity FROM row_type) t ON t.oid = d.refobjid
  WHERE d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
  UNION ALL SELECT d.classid, d.objid, p.identity FROM pg_catalog.pg_depend d JOIN routine p ON p.oid = d.refobjid
  WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
), needs AS (
  SELECT classid, objid, pg_catalog.array_agg(DISTINCT identity COLLATE "C")::text[] AS identities
  FROM rests_on
  WHERE classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_constraint'::pg_catalog.regclass,
                    'pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_trigger'::pg_catalog.regclass,
                    'pg_catalog.pg_policy'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  GROUP BY 1, 2
), inherits AS (
  SELECT i.inhrelid, pg_catalog.array_agg(p.identity ORDER BY p.identity COLLATE "C")::text[] AS parents
  FROM pg_catalog.pg_inherits i JOIN relation p ON p.oid = i.inhparent GROUP BY 1
), owned AS (
  SELECT d.objid, pg_catalog.array_agg(o.identity ORDER BY o.identity COLLATE "C")::text[] AS owners
  FROM pg_catalog.pg_depend d JOIN relation o ON o.oid = d.refobjid
  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass GROUP BY 1
), labels AS (
  SELECT enumtypid, pg_catalog.json_agg(enumlabel ORDER BY enumsortorder)::text AS labels
  FROM pg_catalog.pg_enum GROUP BY 1
), object AS (
SELECT 'table' AS kind, r.identity, NULL::text AS parent, pg_catalog.pg_get_userbyid(r.relowner)::text AS owner,
       pg_catalog.concat_ws(' ', r.relkind, r.relpersistence,
         CASE WHEN r.relrowsecurity THEN 'row security' END, CASE WHEN r.relforcerowsecurity THEN 'forced' END) AS definition,
       coalesce(i.parents, '{}') AS needs,
       true AS valid
FROM relation r LEFT JOIN inherits i ON i.inhrelid = r.oid WHERE r.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'column', pg_catalog.format('%s.%I', r.identity, a.attname), r.identity, NULL,
       pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
         CASE WHEN a.attnotnull THEN 'not null' END,
         CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END,
         CASE WHEN a.attgenerated <> '' THEN 'generated' END,
         'default ' || /*normal(*//*named(*/d.adbin, r.oid/*)*//*)*/),
       CASE WHEN u.oid IS NULL THEN '{}' ELSE ARRAY[u.identity] END::text[], true
FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN used_type u ON u.oid = a.atttypid
WHERE r.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'enum', t.identity, NULL, pg_catalog.pg_get_userbyid(t.typowner)::text,
       l.labels, '{}'::text[], true
FROM user_type t LEFT JOIN labels l ON l.enumtypid = t.oid WHERE t.typtype = 'e'
UNION ALL
SELECT CASE r.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, r.identity, NULL,
       pg_catalog.pg_get_userbyid(r.relowner)::text,
       pg_catalog.concat_ws(' ', /*normal(*//*unnumbered(*/w.ev_action/*)*//*)*/,
         pg_catalog.array_to_string(pg_catalog.array_remove(n.identities, r.identity), ',')),
       pg_catalog.array_remove(coalesce(n.identities, '{}'), r.identity), true
FROM relation r JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid AND w.rulename = '_RETURN'
LEFT JOIN needs n ON n.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND n.objid = w.oid
WHERE r.relkind IN ('v', 'm')
UNION ALL
SELECT 'constraint', pg_catalog.format('%s.%I', r.identity, k.conname), r.identity, NULL,
       pg_catalog.concat_ws(' ', k.contype, k.confupdtype, k.confdeltype, k.confmatchtype,
         CASE WHEN k.condeferrable THEN 'deferrable' END, CASE WHEN k.condeferred THEN 'deferred' END,
         CASE WHEN NOT k.convalidated AND pg_catalog.to_jsonb(k) ->> 'conenforced' = 'false' THEN 'not enforced' END,
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' ORDER BY c.ordinality)
          FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS c(number, ordinality)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number),
         'to ' || f.identity,
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' ORDER BY c.ordinality)
          FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS c(number, ordinality)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.number),
         /*normal(*//*named(*/k.conbin, r.oid/*)*//*)*/),
       coalesce(n.identities, '{}'),
       k.convalidated OR coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced' = 'false', false)
FROM relation r JOIN pg_catalog.pg_constraint k ON k.conrelid = r.oid
LEFT JOIN relation f ON f.oid = k.confrelid
LEFT JOIN needs n ON n.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND n.objid = k.oid
WHERE r.relkind IN ('r', 'p', 'f') AND k.contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT 'index', i.identity, r.identity, NULL,
       pg_catalog.concat_ws(' ', m.amname, CASE WHEN x.indisunique THEN 'unique' END,
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' ORDER BY c.ordinality)
          FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY AS c(number, ordinality)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = c.number),
         x.indoption::text, /*normal(*//*named(*/x.indexprs, r.oid/*)*//*)*/,
         'where ' || /*normal(*//*named(*/x.indpred, r.oid/*)*//*)*/),
       coalesce(n.identities, '{}'), x.indisvalid OR i.relkind = 'I'
FROM relation i JOIN pg_catalog.pg_index x ON x.indexrelid = i.oid
JOIN relation r ON r.oid = x.indrelid JOIN pg_catalog.pg_class c ON c.oid = i.oid
JOIN pg_catalog.pg_am m ON m.oid = c.relam
LEFT JOIN needs n ON n.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND n.objid = i.oid
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'trigger', pg_catalog.format('%s.%I', r.identity, t.tgname), r.identity, NULL,
       pg_catalog.concat_ws(' ', t.tgtype, t.tgenabled, p.identity, pg_catalog.encode(t.tgargs, 'hex'),
         /*normal(*//*named(*/t.tgqual, r.oid/*)*//*)*/),
       coalesce(n.identities, '{}'), true
FROM relation r JOIN pg_catalog.pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
LEFT JOIN routine p ON p.oid = t.tgfoid
LEFT JOIN needs n ON n.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND n.objid = t.oid
UNION ALL
SELECT 'policy', pg_catalog.format('%s.%I', r.identity, p.polname), r.identity, NULL,
       pg_catalog.concat_ws(' ', p.polcmd, p.polpermissive,
         /*normal(*//*named(*/p.polqual, r.oid/*)*//*)*/, 'check ' || /*normal(*//*named(*/p.polwithcheck, r.oid/*)*//*)*/),
       coalesce(n.identities, '{}'), true
FROM relation r JOIN pg_catalog.pg_policy p ON p.polrelid = r.oid
LEFT JOIN needs n ON n.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND n.objid = p.oid
UNION ALL
SELECT 'function', p.identity, NULL, pg_catalog.pg_get_userbyid(p.proowner)::text,
       pg_catalog.concat_ws(' ', p.prokind, l.lanname, pg_catalog.format_type(p.prorettype, NULL), p.provolatile,
         CASE WHEN p.prosecdef THEN 'security definer' END, pg_catalog.md5(p.prosrc)),
       coalesce(n.identities, '{}'), true
FROM routine p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
LEFT JOIN needs n ON n.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND n.objid = p.oid
UNION ALL
SELECT 'sequence', r.identity, NULL, pg_catalog.pg_get_userbyid(r.relowner)::text,
       pg_catalog.concat_ws(' ', pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
         CASE WHEN s.seqcycle THEN 'cycle' END),
       coalesce(o.owners, '{}'), true
FROM relation r JOIN pg_catalog.pg_sequence s ON s.seqrelid = r.oid LEFT JOIN owned o ON o.objid = r.oid
)
SELECT kind, identity, parent, owner, definition, needs, valid FROM object
ORDER BY kind COLLATE "C", identity COLLATE "C"
