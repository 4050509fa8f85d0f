CREATE TABLE gate (id int PRIMARY KEY);
--> statement-breakpoint
SELECT pg_sleep(0.8);
