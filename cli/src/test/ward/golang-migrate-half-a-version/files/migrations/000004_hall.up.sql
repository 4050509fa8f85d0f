CREATE TYPE hall_kind AS ENUM ('large', 'small');
CREATE TABLE hall (id int PRIMARY KEY, kind hall_kind NOT NULL);
CREATE TABLE seat (id int PRIMARY KEY, hall int NOT NULL REFERENCES hall);
CREATE INDEX CONCURRENTLY seat_hall ON seat (hall);
CREATE TABLE stage (id int PRIMARY KEY);
