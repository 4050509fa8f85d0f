CREATE TABLE gate (id int PRIMARY KEY);
SELECT pg_sleep(0.5);
