CREATE TABLE floor (id int PRIMARY KEY);
SELECT pg_sleep(0.5);
