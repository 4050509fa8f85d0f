-- Rows for every table of the HomeLab database.
INSERT INTO users (name) SELECT 'user ' || n FROM generate_series(1, 20) n;
INSERT INTO services (name) SELECT 'service ' || n FROM generate_series(1, 8) n;
INSERT INTO conversations (user_id, said) SELECT 1 + n % 20, 'message ' || n FROM generate_series(1, 500) n;
INSERT INTO tasks (title) SELECT 'task ' || n FROM generate_series(1, 50) n;
INSERT INTO google_service_status (user_id, service, status)
  SELECT 1 + n % 20, 'google ' || n, (ARRAY['connected', 'disconnected', 'error'])[1 + n % 3]::serviceconnectionstatus
  FROM generate_series(1, 100) n;
INSERT INTO calendar_automations (service_id, name) SELECT n, 'automation ' || n FROM generate_series(1, 40) n;
INSERT INTO email_notifications (recipient, status) SELECT 'user' || n || '@example.org', 'sent' FROM generate_series(1, 250) n;
INSERT INTO drive_backups (path, status, bytes) SELECT '/backup/' || n, 'complete', n * 1024 FROM generate_series(1, 30) n;
ANALYZE;
