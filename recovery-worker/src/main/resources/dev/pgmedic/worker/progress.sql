-- What a session at work is at. Reads the server's own views alone.
SELECT coalesce(
  'building an index: ' || p.phase || CASE
    WHEN p.tuples_total > 0 THEN pg_catalog.format(', %s %% of the rows', p.tuples_done * 100 / p.tuples_total)
    WHEN p.blocks_total > 0 THEN pg_catalog.format(', %s %% of the blocks', p.blocks_done * 100 / p.blocks_total)
    ELSE '' END,
  (SELECT 'waits for a lock of session ' || pg_catalog.string_agg(b.pid::text, ', ' ORDER BY b.pid)
    FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(a.pid)) AS b (pid)),
  '') AS said
FROM pg_catalog.pg_stat_activity a
LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.pid = a.pid AND p.datid = a.datid
WHERE a.pid = $1
