-- pgmedic itself
CREATE TABLE pgmedic_migrations (
  version text PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
INSERT INTO pgmedic_migrations VALUES ('001', 'first', '00', now());
