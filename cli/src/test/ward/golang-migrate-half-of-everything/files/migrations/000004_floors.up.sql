CREATE TABLE floor (id int PRIMARY KEY);
ALTER TYPE room_kind ADD VALUE 'attic';
ALTER TABLE room ADD COLUMN floor int;
CREATE UNIQUE INDEX CONCURRENTLY device_name ON device (name);
ALTER TABLE device ADD COLUMN floor int;
