-- graphile-migrate 1.4: graphile-migrate migrate
CREATE SCHEMA graphile_migrate;
CREATE TABLE graphile_migrate.migrations (
  hash text PRIMARY KEY, previous_hash text REFERENCES graphile_migrate.migrations,
  filename text NOT NULL, date timestamptz NOT NULL DEFAULT now());
CREATE TABLE graphile_migrate.current (
  filename text PRIMARY KEY DEFAULT 'current.sql', content text NOT NULL, date timestamptz NOT NULL DEFAULT now());
INSERT INTO graphile_migrate.migrations (hash, filename) VALUES ('sha1:1', '000001.sql');
