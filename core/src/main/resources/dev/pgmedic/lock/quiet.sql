-- Whether nothing is there that a look at the locks could tell of: no advisory lock, no lock on a migration tool's table, nobody
-- who waits, no transaction left open, and nobody whose state may not be seen. The functions behind the views cost a new
-- session a tenth of what the views do.
-- $1 the tools' tables
SELECT NOT EXISTS (
         SELECT FROM pg_catalog.pg_lock_status() l
         WHERE (l.database = d.oid AND (l.locktype = 'advisory'
                  OR (l.locktype = 'relation' AND l.relation::int8 = ANY ($1::int8[]))))
            OR (NOT l.granted AND (l.database = d.oid OR l.database IS NULL OR l.database = 0)))
       AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_stat_get_activity(NULL) a
         WHERE a.datid = d.oid AND a.pid <> pg_catalog.pg_backend_pid()
           AND (a.state IS NULL OR a.state LIKE 'idle in transaction%')) AS quiet,
       pg_catalog.pg_backend_pid() AS self, pg_catalog.statement_timestamp() AS now
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
