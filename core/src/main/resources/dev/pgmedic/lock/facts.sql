-- What of this database and role matters to reading its locks. hashtext is the server's own: Prisma 8 makes its keys of it.
SELECT pg_catalog.current_database()::text AS database, current_user::text AS role,
       pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_all,
       pg_catalog.pg_is_in_recovery() AS standby,
       ('x' || pg_catalog.substr(pg_catalog.md5('pgmedic:' || pg_catalog.current_database()), 1, 16))::bit(64)::int8 AS ours,
       ARRAY(SELECT pg_catalog.hashtext('prisma_next.contract.marker:' || s.name || ':app')::int8
             FROM (SELECT 'public' AS name UNION SELECT '__unbound__'
                   UNION (SELECT nspname::text FROM pg_catalog.pg_namespace
                    WHERE nspname !~ '^pg_'
                      AND EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'prisma_contract')
                    ORDER BY nspname LIMIT 100)) s) AS prisma_keys
