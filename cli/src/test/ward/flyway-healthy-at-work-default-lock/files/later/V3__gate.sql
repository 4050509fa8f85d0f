CREATE TABLE gate (id int PRIMARY KEY, name text);
SELECT pg_sleep(3);
