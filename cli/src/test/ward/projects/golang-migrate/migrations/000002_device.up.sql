CREATE TABLE device (id int PRIMARY KEY);
