-- pgmedic's own schema: what it knows of its targets, and every incident from the first finding to the proof.

CREATE TABLE target (
  name        text PRIMARY KEY,
  report      jsonb,
  checked_at  timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);

CREATE TABLE baseline (
  target       text NOT NULL REFERENCES target,
  version      text NOT NULL,                 -- '' where the target has no history
  confirmed    boolean NOT NULL,
  taken_at     timestamptz NOT NULL DEFAULT now(),
  catalog      jsonb NOT NULL,
  script       text NOT NULL,
  unexplained  jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (target, version)
);

-- About how many rows each table has; kept apart from the baseline because every check changes it.
CREATE TABLE row_estimate (
  target   text NOT NULL REFERENCES target,
  relation text NOT NULL,
  rows     bigint NOT NULL CHECK (rows >= 0),
  seen_at  timestamptz NOT NULL,
  PRIMARY KEY (target, relation)
);

CREATE TABLE issue (
  id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  target         text NOT NULL REFERENCES target,
  code           text NOT NULL,
  subject        text NOT NULL,
  severity       text NOT NULL CHECK (severity IN ('info', 'warning', 'high', 'critical')),
  message        text NOT NULL,
  recommendation text NOT NULL,
  evidence       jsonb NOT NULL,
  first_seen     timestamptz NOT NULL DEFAULT now(),
  last_seen      timestamptz NOT NULL DEFAULT now(),
  resolved_at    timestamptz,
  resolution     text,
  CHECK ((resolved_at IS NULL) = (resolution IS NULL))
);
CREATE UNIQUE INDEX issue_open ON issue (target, code, subject) WHERE resolved_at IS NULL;
CREATE INDEX issue_by_age ON issue (first_seen, id);

CREATE TABLE recovery_task (
  id          uuid PRIMARY KEY,
  target      text NOT NULL REFERENCES target,
  priority    text NOT NULL CHECK (priority IN ('high', 'normal')),
  state       text NOT NULL CHECK (state IN ('awaiting_approval', 'approved', 'running', 'succeeded', 'failed',
                                             'rejected', 'expired', 'superseded', 'cancelled')),
  plan        jsonb NOT NULL,
  digest      text NOT NULL,
  fingerprint text NOT NULL,
  outcome     text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  started_at  timestamptz,
  finished_at timestamptz,
  fence       bigint NOT NULL DEFAULT 0,
  lease_owner uuid,
  lease_until timestamptz
);
CREATE UNIQUE INDEX recovery_task_running ON recovery_task (target) WHERE state = 'running';
CREATE UNIQUE INDEX recovery_task_open ON recovery_task (target)
  WHERE state IN ('awaiting_approval', 'approved', 'running');
CREATE INDEX recovery_task_by_age ON recovery_task (created_at, id);

-- The transitions of design, and no others: a second guard behind the code's own.
CREATE FUNCTION refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (
    ('awaiting_approval', 'approved'), ('awaiting_approval', 'rejected'), ('awaiting_approval', 'expired'),
    ('awaiting_approval', 'superseded'), ('awaiting_approval', 'cancelled'),
    ('approved', 'running'), ('approved', 'expired'), ('approved', 'superseded'), ('approved', 'cancelled'),
    ('running', 'succeeded'), ('running', 'failed'), ('running', 'cancelled'), ('running', 'superseded')) THEN
    RAISE EXCEPTION 'a recovery task never goes from % to %', OLD.state, NEW.state;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recovery_task_transition BEFORE UPDATE OF state ON recovery_task
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION refuse_transition();

CREATE TABLE task_issue (
  task  uuid NOT NULL REFERENCES recovery_task,
  issue uuid NOT NULL REFERENCES issue,
  PRIMARY KEY (task, issue)
);
CREATE INDEX task_issue_by_issue ON task_issue (issue);

CREATE TABLE approval (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task             uuid NOT NULL REFERENCES recovery_task,
  decided_by       text NOT NULL,
  decision         text NOT NULL CHECK (decision IN ('approve', 'reject')),
  plan_digest      text NOT NULL,
  comment          text NOT NULL,
  accept_data_loss boolean NOT NULL,
  authenticated_by text NOT NULL,
  at               timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX approval_by_task ON approval (task);

CREATE TABLE step_run (
  task        uuid NOT NULL REFERENCES recovery_task,
  index       integer NOT NULL,
  state       text NOT NULL CHECK (state IN ('running', 'succeeded', 'failed')),
  started_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  output      text,
  PRIMARY KEY (task, index)
);

-- Every session that a worker opens on a target, written before its first statement there.
CREATE TABLE worker_session (
  task          uuid NOT NULL REFERENCES recovery_task,
  fence         bigint NOT NULL,
  pid           integer NOT NULL,
  backend_start timestamptz NOT NULL,
  PRIMARY KEY (task, pid, backend_start)
);

-- The log. Its number is drawn as the last statement before a commit, under the lock of event_head's one row, so that
-- whoever sees a number sees all numbers before it.
CREATE TABLE event (
  sequence bigint PRIMARY KEY,
  type     text NOT NULL,
  target   text NOT NULL,
  subject  text NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  data     jsonb NOT NULL
);

CREATE TABLE event_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  last     bigint NOT NULL
);
INSERT INTO event_head (last) VALUES (0);
