#!/bin/bash
# Makes the HomeLab database, the store's database and the roles that pgmedic logs in with. Runs once, when the
# server's data is made.
set -euo pipefail

run() { psql -v ON_ERROR_STOP=1 -q -U "$POSTGRES_USER" "$@"; }

run -d postgres <<'SQL'
-- The passwords are good inside this compose project alone: its PostgreSQL is not published.
CREATE ROLE homelab LOGIN PASSWORD 'homelab';
CREATE ROLE pgmedic LOGIN PASSWORD 'pgmedic';
CREATE ROLE pgmedic_monitor LOGIN PASSWORD 'pgmedic' IN ROLE pg_monitor;
-- Acts as the owner of the objects, and may end a session whose heart has stopped.
CREATE ROLE pgmedic_recovery LOGIN PASSWORD 'pgmedic' IN ROLE homelab, pg_signal_backend, pg_monitor;
CREATE DATABASE homelab_jarvis OWNER homelab;
CREATE DATABASE pgmedic OWNER pgmedic;
SQL

run -d homelab_jarvis -c 'GRANT CREATE ON DATABASE homelab_jarvis TO pgmedic_recovery'

export PGOPTIONS='-c role=homelab'
if [ ! -d /homelab ]; then
  # Alembic migrates, and would make the same table; made before, the monitor can be allowed to read it.
  run -d homelab_jarvis -c 'CREATE TABLE alembic_version (version_num varchar(32) CONSTRAINT alembic_version_pkc PRIMARY KEY)' \
    -c 'GRANT SELECT ON alembic_version TO pgmedic_monitor'
  exit 0
fi
run -d homelab_jarvis -c 'CREATE TABLE pgmedic_migrations (version text PRIMARY KEY, name text NOT NULL,
  sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())'
for file in /homelab/[0-9]*.sql; do
  name=$(basename "$file" .sql)
  run -d homelab_jarvis --single-transaction -f "$file" -c "INSERT INTO pgmedic_migrations (version, name, sha256)
    VALUES ('${name%%_*}', '${name#*_}', '$(sha256sum "$file" | cut -d' ' -f1)')"
done
run -d homelab_jarvis -f /homelab/rows.sql
run -d homelab_jarvis -c 'GRANT SELECT ON pgmedic_migrations TO pgmedic_monitor'
