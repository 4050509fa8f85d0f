-- pgroll 0.16: pgroll start --complete
CREATE SCHEMA pgroll;
CREATE TABLE pgroll.migrations (
  schema name NOT NULL, name text NOT NULL, migration jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  parent text, done boolean NOT NULL DEFAULT false, resulting_schema jsonb NOT NULL DEFAULT '{}',
  migration_type varchar(32) DEFAULT 'pgroll', PRIMARY KEY (schema, name),
  FOREIGN KEY (schema, parent) REFERENCES pgroll.migrations (schema, name));
CREATE TABLE pgroll.pgroll_version (
  version text PRIMARY KEY, initialized_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO pgroll.migrations (schema, name, migration, done) VALUES ('public', '01_first', '{}', true);
