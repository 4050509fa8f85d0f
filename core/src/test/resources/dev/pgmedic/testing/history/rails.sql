-- Active Record 5 to 8: rails db:migrate
CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY);
CREATE TABLE ar_internal_metadata (
  key varchar NOT NULL PRIMARY KEY, value varchar,
  created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
INSERT INTO schema_migrations VALUES ('20260101000000'), ('20260102000000');
INSERT INTO ar_internal_metadata VALUES ('environment', 'production', now(), now());
