--liquibase formatted sql
--changeset ward:1
CREATE TABLE room (id int PRIMARY KEY, name text NOT NULL);
--changeset ward:2
CREATE TABLE device (id int PRIMARY KEY, room int REFERENCES room, seen timestamptz);
