-- What a role may do in this database, by the catalog alone. Everything is false for a role that is not there.
-- $1 the role's name
WITH viewer AS (SELECT oid, rolsuper, rolcanlogin, rolinherit FROM pg_catalog.pg_roles WHERE rolname = $1::text)
SELECT pg_catalog.current_database()::text AS database,
       pg_catalog.current_setting('server_version_num')::int4 AS version,
       v.oid IS NOT NULL AS there,
       coalesce(v.rolsuper, false) AS superuser,
       coalesce(v.rolcanlogin, true) AS login,
       coalesce(v.rolinherit, true) AS inherit,
       coalesce(pg_catalog.has_database_privilege(v.oid, d.oid, 'CONNECT'), false) AS connect,
       coalesce(pg_catalog.has_database_privilege(v.oid, d.oid, 'CREATE'), false) AS create,
       coalesce(pg_catalog.pg_has_role(v.oid, 'pg_read_all_stats', 'USAGE'), false) AS sessions,
       coalesce(pg_catalog.pg_has_role(v.oid, 'pg_signal_backend', 'USAGE'), false) AS signal,
       pg_catalog.has_function_privilege(coalesce(v.oid, 0), 'pg_catalog.pg_control_system()', 'EXECUTE') AS identity,
       pg_catalog.has_function_privilege(coalesce(v.oid, 0), 'pg_catalog.pg_try_advisory_lock(int8)', 'EXECUTE')
         AND pg_catalog.has_function_privilege(coalesce(v.oid, 0), 'pg_catalog.pg_advisory_unlock(int8)', 'EXECUTE') AS locks
FROM pg_catalog.pg_database d LEFT JOIN viewer v ON true
WHERE d.datname = pg_catalog.current_database()
