-- diesel 2: diesel migration run
CREATE TABLE __diesel_schema_migrations (
  version varchar(50) PRIMARY KEY NOT NULL, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO __diesel_schema_migrations VALUES ('20260101000000');
