-- healthy
DO $$ BEGIN CREATE ROLE pgmedic_monitor LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE person (id int PRIMARY KEY, mood mood, CONSTRAINT adult CHECK (id > 17));
CREATE INDEX by_mood ON person (mood);
INSERT INTO person VALUES (18, 'ok'), (19, 'bad');
CREATE TABLE google_service_status (id int PRIMARY KEY, state text);
INSERT INTO google_service_status VALUES (1, 'up');
GRANT SELECT ON alembic_version TO pgmedic_monitor;
UPDATE flyway_schema_history SET checksum = 1189475811;
INSERT INTO flyway_schema_history VALUES (2, '2', 'second', 'SQL', 'V2__second.sql', 2, 'me', now(), 5, true);
INSERT INTO databasechangelog
SELECT '2', author, filename, dateexecuted, 2, exectype, md5sum FROM databasechangelog;
UPDATE _prisma_migrations SET checksum = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
INSERT INTO _prisma_migrations (id, checksum, finished_at, started_at, migration_name, applied_steps_count)
VALUES ('2', repeat('0', 64), now() + interval '1 s', now() + interval '1 s', '20260102000000_second', 1);
INSERT INTO schema_migrations VALUES (4, false);
INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('20260102000000_second.js', 1, now());

-- connection.unreachable
DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$;

-- constraint.not-valid
ALTER TABLE person DROP CONSTRAINT adult, ADD CONSTRAINT adult CHECK (id > 17) NOT VALID;

-- data.lost
DELETE FROM google_service_status;

-- enum.leftover
ALTER TABLE person DROP COLUMN mood;

-- enum.missing
DROP TYPE mood CASCADE;

-- enum.order
DROP TYPE mood CASCADE;
CREATE TYPE mood AS ENUM ('bad', 'ok');

-- enum.value-missing
DROP TYPE mood CASCADE;
CREATE TYPE mood AS ENUM ('ok');

-- enum.value-unexpected
ALTER TYPE mood ADD VALUE 'awful';

-- index.invalid
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_mood'::regclass;

-- lock.row-stale
UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby = 'pod-7 (10.0.0.7)';
UPDATE knex_migrations_lock SET is_locked = 1;

-- migration.checksum
UPDATE flyway_schema_history SET checksum = 7 WHERE version = '1';
UPDATE _prisma_migrations SET checksum = repeat('7', 64) WHERE migration_name = '20260101000000_first';

-- migration.failed
UPDATE flyway_schema_history SET success = false WHERE version = '2';
UPDATE schema_migrations SET dirty = true WHERE version = 4;
UPDATE _prisma_migrations SET finished_at = NULL, logs = 'type "mood" already exists' WHERE id = '2';

-- migration.history-missing
REVOKE SELECT ON alembic_version FROM pgmedic_monitor;

-- migration.partial
DROP TABLE google_service_status;
UPDATE alembic_version SET version_num = '004';

-- migration.pending
UPDATE alembic_version SET version_num = '004';
DELETE FROM flyway_schema_history WHERE version = '2';
DELETE FROM databasechangelog WHERE id = '2';
DELETE FROM django_migrations WHERE name = '0002_price';
DELETE FROM _prisma_migrations WHERE id = '2';
DELETE FROM schema_migrations WHERE version = 4;
DELETE FROM knex_migrations WHERE name = '20260102000000_second.js';

-- migration.unknown-version
UPDATE alembic_version SET version_num = '006';

-- schema.drift
ALTER TABLE google_service_status ADD COLUMN note text;

-- table.missing
DROP TABLE google_service_status;
