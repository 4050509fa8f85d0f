CREATE TYPE serviceconnectionstatus AS ENUM ('connected', 'disconnected', 'error');
CREATE TYPE automationstatus AS ENUM ('active', 'paused', 'failed');
CREATE TYPE emailnotificationstatus AS ENUM ('pending', 'sent', 'failed');
CREATE TYPE backupstatus AS ENUM ('running', 'complete', 'failed');

CREATE TABLE google_service_status (
  id         serial PRIMARY KEY,
  user_id    integer NOT NULL REFERENCES users,
  service    text NOT NULL,
  status     serviceconnectionstatus NOT NULL DEFAULT 'disconnected',
  checked_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (user_id, service)
);
CREATE INDEX google_service_status_failing ON google_service_status (checked_at) WHERE status = 'error';

CREATE TABLE calendar_automations (
  id         serial PRIMARY KEY,
  service_id integer REFERENCES google_service_status,
  name       text NOT NULL,
  status     automationstatus NOT NULL DEFAULT 'active'
);

CREATE TABLE email_notifications (
  id        serial PRIMARY KEY,
  recipient text NOT NULL,
  status    emailnotificationstatus NOT NULL DEFAULT 'pending'
);

CREATE TABLE drive_backups (
  id         serial PRIMARY KEY,
  path       text NOT NULL,
  status     backupstatus NOT NULL DEFAULT 'running',
  bytes      bigint NOT NULL DEFAULT 0
);

CREATE VIEW failing_services AS
  SELECT u.name, s.service, s.checked_at
  FROM google_service_status s JOIN users u ON u.id = s.user_id
  WHERE s.status = 'error';
