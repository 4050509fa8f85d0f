-- migrate:up
CREATE TABLE room (id int PRIMARY KEY, name text);

-- migrate:down
DROP TABLE room;
