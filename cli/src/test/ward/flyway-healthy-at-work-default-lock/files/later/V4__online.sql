ALTER TABLE room ADD COLUMN floor int;
SELECT pg_sleep(2);
CREATE TABLE floor (id int PRIMARY KEY);
SELECT pg_sleep(2);
