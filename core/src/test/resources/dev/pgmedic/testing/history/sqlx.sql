-- sqlx 0.8: sqlx migrate run
CREATE TABLE _sqlx_migrations (
  version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL DEFAULT now(),
  success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL);
INSERT INTO _sqlx_migrations VALUES (20260101000000, 'first', now(), true, '\x00', 1000);
