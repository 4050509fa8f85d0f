--changeset ward:3
CREATE TABLE gate (id int PRIMARY KEY, name text);
SELECT pg_sleep(0.5);
--changeset ward:4 runInTransaction:false
CREATE INDEX CONCURRENTLY gate_name ON gate (name);
ALTER TABLE room ADD COLUMN floor int;
SELECT pg_sleep(0.8);
CREATE TABLE floor (id int PRIMARY KEY);
SELECT pg_sleep(0.8);
