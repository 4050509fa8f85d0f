CREATE TABLE device (id int PRIMARY KEY, room int REFERENCES room, seen timestamptz);
