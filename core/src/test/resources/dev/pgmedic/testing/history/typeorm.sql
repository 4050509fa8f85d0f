-- typeorm 1: typeorm migration:run
CREATE TABLE migrations (
  id serial NOT NULL, "timestamp" bigint NOT NULL, name varchar NOT NULL,
  CONSTRAINT "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id));
INSERT INTO migrations ("timestamp", name) VALUES (1735689600000, 'First1735689600000');
