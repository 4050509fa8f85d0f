-- Every advisory lock of this database that is held, with its holder and how many wait for it. pg_locks is open to
-- everyone; what of pg_stat_activity may not be seen is NULL, and NULL means unknown, never idle.
SELECT CASE WHEN l.objsubid = 1 THEN (l.classid::int8 << 32) | l.objid::int8 END AS key,
       l.classid::int8 AS class_id, l.objid::int8 AS object_id, l.objsubid = 2 AS two_keys,
       (l.classid::int8 << 32) | l.objid::int8 = ('x' || pg_catalog.substr(pg_catalog.md5(
         'pgmedic:' || pg_catalog.current_database()), 1, 16))::bit(64)::int8 AND l.objsubid = 1 AS ours,
       l.pid, a.backend_start, a.application_name, a.usename::text AS user_name, a.client_addr::text AS client,
       a.state, (extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change) * 1000)::int8 AS quiet_ms,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks w
        WHERE NOT w.granted AND w.locktype = 'advisory' AND w.database = l.database AND w.classid = l.classid
          AND w.objid = l.objid AND w.objsubid = l.objsubid) AS waiters
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
ORDER BY l.classid, l.objid, l.pid
