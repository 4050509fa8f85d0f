-- sequelize-cli 6: sequelize-cli db:migrate
CREATE TABLE "SequelizeMeta" (name varchar(255) NOT NULL UNIQUE PRIMARY KEY);
CREATE TABLE "SequelizeData" (name varchar(255) NOT NULL UNIQUE PRIMARY KEY);
INSERT INTO "SequelizeMeta" VALUES ('20260101000000-first.js');
