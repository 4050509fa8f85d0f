-- ecto_sql 3: mix ecto.migrate
CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, inserted_at timestamp(0));
INSERT INTO schema_migrations VALUES (20260101000000, now());
