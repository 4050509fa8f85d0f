--! Previous: sha1:491d01e0f98e9af8fc8c58a7fbecb59ea4c235a0
--! Hash: sha1:198775b369bc43ef19277a63a36bc79a42d02baa

CREATE TABLE gate (id int PRIMARY KEY);
SELECT pg_sleep(0.8);
