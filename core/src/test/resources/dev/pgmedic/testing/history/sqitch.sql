-- sqitch 1.3: sqitch deploy
CREATE SCHEMA sqitch;
CREATE TABLE sqitch.projects (
  project text PRIMARY KEY, uri text UNIQUE, created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  creator_name text NOT NULL, creator_email text NOT NULL);
CREATE TABLE sqitch.changes (
  change_id text PRIMARY KEY, script_hash text, change text NOT NULL,
  project text NOT NULL REFERENCES sqitch.projects ON UPDATE CASCADE, note text NOT NULL DEFAULT '',
  committed_at timestamptz NOT NULL DEFAULT clock_timestamp(), committer_name text NOT NULL,
  committer_email text NOT NULL, planned_at timestamptz NOT NULL, planner_name text NOT NULL,
  planner_email text NOT NULL, UNIQUE (project, script_hash));
CREATE TABLE sqitch.events (
  event text NOT NULL CHECK (event IN ('deploy', 'revert', 'fail', 'merge')), change_id text NOT NULL,
  change text NOT NULL, project text NOT NULL REFERENCES sqitch.projects ON UPDATE CASCADE,
  note text NOT NULL DEFAULT '', requires text[] NOT NULL DEFAULT '{}', conflicts text[] NOT NULL DEFAULT '{}',
  tags text[] NOT NULL DEFAULT '{}', committed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  committer_name text NOT NULL, committer_email text NOT NULL, planned_at timestamptz NOT NULL,
  planner_name text NOT NULL, planner_email text NOT NULL, PRIMARY KEY (change_id, committed_at));
INSERT INTO sqitch.projects VALUES ('shop', NULL, now(), 'me', 'me@localhost');
INSERT INTO sqitch.changes VALUES
  ('1', 'hash', 'first', 'shop', '', now(), 'me', 'me@localhost', now(), 'me', 'me@localhost');
INSERT INTO sqitch.events VALUES
  ('deploy', '1', 'first', 'shop', '', '{}', '{}', '{}', now(), 'me', 'me@localhost', now(), 'me', 'me@localhost');
