--! Previous: -
--! Hash: sha1:491d01e0f98e9af8fc8c58a7fbecb59ea4c235a0

CREATE TABLE room (id int PRIMARY KEY);
