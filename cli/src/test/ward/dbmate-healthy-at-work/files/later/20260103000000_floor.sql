-- migrate:up transaction:false
ALTER TABLE room ADD COLUMN floor int;
SELECT pg_sleep(0.8);
CREATE TABLE floor (id int PRIMARY KEY);

-- migrate:down transaction:false
DROP TABLE floor;
