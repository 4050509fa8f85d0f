-- Every session of this database with what it waits for, and every advisory lock and every lock on a migration tool's table
-- that it holds or waits for, in one statement. A lock without a session is a prepared transaction's. What of
-- pg_stat_activity may not be seen is NULL, and NULL means unknown, never idle.
-- $1 the tools' tables, $2 the keys that are known, $3 and $4 the range of those that may be, $5 how many locks at most
WITH every_lock AS MATERIALIZED (SELECT * FROM pg_catalog.pg_locks),
here AS (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
held_prepared AS (
  SELECT x.virtualtransaction, p.gid
  FROM every_lock x JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid
  WHERE x.pid IS NULL AND x.locktype = 'transactionid'),
wanted AS (
  SELECT DISTINCT ON (l.pid) l.pid, l.locktype, l.mode, l.waitstart,
         (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = l.relation AND l.database = (SELECT oid FROM here)) AS relation,
         (SELECT pg_catalog.min(p.gid) FROM every_lock h JOIN held_prepared p USING (virtualtransaction)
          WHERE h.pid IS NULL AND h.granted AND h.locktype = l.locktype
            AND (h.database, h.relation) IS NOT DISTINCT FROM (l.database, l.relation)
            AND h.transactionid IS NOT DISTINCT FROM l.transactionid
            AND (h.classid, h.objid, h.objsubid) IS NOT DISTINCT FROM (l.classid, l.objid, l.objsubid)) AS prepared
  FROM every_lock l WHERE NOT l.granted AND l.pid IS NOT NULL ORDER BY l.pid, l.waitstart),
activity AS MATERIALIZED (
  SELECT a.pid, a.backend_start, a.application_name, a.usename::text AS user_name, pg_catalog.host(a.client_addr) AS client,
         a.backend_type, a.state, a.state_change, a.xact_start, a.wait_event_type || ':' || a.wait_event AS waits_for,
         pg_catalog.left(a.query, 20000) AS statement,
         CASE WHEN w.pid IS NOT NULL THEN pg_catalog.pg_blocking_pids(a.pid) END AS blocked_by,
         w.locktype AS wanted_kind, w.mode AS wanted_mode, w.relation AS wanted_relation, w.waitstart AS wanted_since,
         w.prepared AS wanted_prepared,
         a.pid IN (SELECT pid FROM pg_catalog.pg_stat_progress_create_index
                   UNION ALL SELECT pid FROM pg_catalog.pg_stat_progress_cluster
                   UNION ALL SELECT pid FROM pg_catalog.pg_stat_progress_copy) AS progress
  FROM pg_catalog.pg_stat_activity a LEFT JOIN wanted w ON w.pid = a.pid
  WHERE a.datname = pg_catalog.current_database()),
locks AS MATERIALIZED (
  SELECT l.locktype, l.classid::int8 AS class_id, l.objid::int8 AS object_id, l.objsubid = 2 AS two_keys,
         (l.classid::int8 << 32) | l.objid::int8 AS key, l.relation::int8 AS relation, l.mode, l.granted, l.pid,
         l.waitstart, p.gid AS prepared, pg_catalog.count(*) OVER () AS found
  FROM every_lock l LEFT JOIN held_prepared p ON l.pid IS NULL AND p.virtualtransaction = l.virtualtransaction
  WHERE l.database = (SELECT oid FROM here)
    AND (l.locktype = 'advisory' OR (l.locktype = 'relation' AND l.relation = ANY ($1::int8[])))
  ORDER BY l.locktype <> 'relation',
           l.objsubid = 1 AND ((l.classid::int8 << 32) | l.objid::int8 = ANY ($2::int8[])
             OR (l.classid::int8 << 32) | l.objid::int8 BETWEEN $3::int8 AND $4::int8) DESC,
           l.classid, l.objid, l.objsubid, l.pid
  LIMIT $5::int8)
SELECT a.*, l.locktype, l.class_id, l.object_id, l.two_keys, l.key, l.relation, l.mode, l.granted, l.waitstart,
       l.prepared, l.pid AS lock_pid, l.found, pg_catalog.pg_backend_pid() AS self,
       pg_catalog.statement_timestamp() AS now
FROM activity a FULL JOIN locks l ON l.pid = a.pid
ORDER BY l.class_id, l.object_id, l.pid
