-- migrate:up
CREATE TABLE gate (id int PRIMARY KEY);
SELECT pg_sleep(0.8);

-- migrate:down
DROP TABLE gate;
