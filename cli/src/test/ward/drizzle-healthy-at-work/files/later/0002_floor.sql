ALTER TABLE room ADD COLUMN floor int;
--> statement-breakpoint
SELECT pg_sleep(0.8);
