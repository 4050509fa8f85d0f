-- Which database this is, and how often rows of the catalogs that hold a schema were written: the same counters as in
-- pg_stat_sys_tables, which would go through every table. There are none where nothing is counted, and none on a standby,
-- which does not count what it replays.
SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS system,
       d.oid::int8 AS oid, d.datname::text AS name, pg_catalog.pg_backend_pid() AS pid,
       CASE WHEN pg_catalog.current_setting('track_counts')::bool AND NOT pg_catalog.pg_is_in_recovery() THEN (
         SELECT pg_catalog.sum(pg_catalog.pg_stat_get_tuples_inserted(c) + pg_catalog.pg_stat_get_tuples_updated(c)
                               + pg_catalog.pg_stat_get_tuples_deleted(c))::int8
         FROM pg_catalog.unnest(ARRAY['pg_catalog.pg_class', 'pg_catalog.pg_attribute', 'pg_catalog.pg_attrdef',
                'pg_catalog.pg_constraint', 'pg_catalog.pg_index', 'pg_catalog.pg_trigger', 'pg_catalog.pg_policy',
                'pg_catalog.pg_rewrite', 'pg_catalog.pg_inherits', 'pg_catalog.pg_sequence', 'pg_catalog.pg_type',
                'pg_catalog.pg_enum', 'pg_catalog.pg_proc', 'pg_catalog.pg_namespace', 'pg_catalog.pg_extension',
                'pg_catalog.pg_depend', 'pg_catalog.pg_authid']::pg_catalog.regclass[]) AS c) END AS changes
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
