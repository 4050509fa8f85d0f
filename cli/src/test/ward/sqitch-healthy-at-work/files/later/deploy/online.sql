CREATE INDEX CONCURRENTLY room_name ON room (name);
ALTER TABLE room ADD COLUMN floor int;
SELECT pg_sleep(0.8);
CREATE TABLE floor (id int PRIMARY KEY);
SELECT pg_sleep(0.8);
