-- Who cannot be without whom: a line says of one object that it rests on another. Parts are told as what they are parts of: indexes,
-- constraints, defaults, rules, triggers, policies, row types and owned sequences as their table, an array type as its
-- element. Begins with the seeds, and goes on with whatever rests on what was found. Takes no lock on a user's relation.
WITH RECURSIVE part AS (
  SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid,
         CASE WHEN o.refobjid IS NULL AND c.relkind = 'c' THEN 'pg_type' ELSE 'pg_class' END::regclass::oid AS ofclass,
         coalesce(o.refobjid, CASE c.relkind WHEN 'c' THEN c.reltype ELSE c.oid END) AS ofobj
  FROM pg_class c
  LEFT JOIN pg_depend o ON c.relkind = 'S' AND o.classid = 'pg_class'::regclass AND o.objid = c.oid
    AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
  WHERE c.relkind NOT IN ('i', 'I', 't') AND c.oid >= 16384
  UNION ALL SELECT 'pg_class'::regclass, x.indexrelid, 'pg_class'::regclass, x.indrelid
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid AND c.relkind <> 't'
  UNION ALL SELECT 'pg_class'::regclass, c.reltoastrelid, 'pg_class'::regclass, c.oid FROM pg_class c WHERE c.reltoastrelid <> 0
  UNION ALL SELECT 'pg_type'::regclass, unnest(ARRAY[t.oid, t.typarray]),
    CASE WHEN c.oid IS NULL THEN 'pg_type' ELSE 'pg_class' END::regclass, coalesce(c.oid, t.oid)
  FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid AND c.relkind <> 'c'
  WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
  UNION ALL SELECT 'pg_constraint'::regclass, k.oid, CASE k.conrelid WHEN 0 THEN 'pg_type' ELSE 'pg_class' END::regclass,
    CASE k.conrelid WHEN 0 THEN k.contypid ELSE k.conrelid END FROM pg_constraint k
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, 'pg_class'::regclass, adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, 'pg_class'::regclass, ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_trigger'::regclass, oid, 'pg_class'::regclass, tgrelid FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'pg_policy'::regclass, oid, 'pg_class'::regclass, polrelid FROM pg_policy
  UNION ALL SELECT 'pg_proc'::regclass, oid, 'pg_proc'::regclass, oid FROM pg_proc WHERE oid >= 16384
), edge AS (
  SELECT DISTINCT coalesce(p.ofclass, d.classid) AS class, coalesce(p.ofobj, d.objid) AS obj, q.ofclass AS onclass, q.ofobj AS onobj
  FROM pg_depend d JOIN part q ON q.classid = d.refclassid AND q.objid = d.refobjid
  LEFT JOIN part p ON p.classid = d.classid AND p.objid = d.objid
  WHERE d.objid >= 16384 AND d.refobjid >= 16384 AND (p.ofobj IS NOT NULL OR d.classid NOT IN ('pg_trigger'::regclass, 'pg_class'::regclass))
    AND (coalesce(p.ofclass, d.classid), coalesce(p.ofobj, d.objid)) <> (q.ofclass, q.ofobj)
), reach AS (
  SELECT class, obj FROM (/*seeds*/) AS seed (class, obj)
  UNION SELECT e.class, e.obj FROM edge e JOIN reach r ON r.class = e.onclass AND r.obj = e.onobj
)
SELECT a.type AS kind, a.schema, a.identity, b.type AS on_kind, b.schema AS on_schema, b.identity AS on_identity
FROM reach r JOIN edge e ON e.onclass = r.class AND e.onobj = r.obj
CROSS JOIN LATERAL pg_identify_object(e.class, e.obj, 0) AS a
CROSS JOIN LATERAL pg_identify_object(e.onclass, e.onobj, 0) AS b
ORDER BY b.identity COLLATE "C", b.type COLLATE "C", a.identity COLLATE "C", a.type COLLATE "C"
