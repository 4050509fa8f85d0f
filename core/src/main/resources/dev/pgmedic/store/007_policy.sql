-- Every way that a recovery task may go, and no other: docs/state-machine.md tells who takes which.
CREATE TABLE task_transition (
  from_state text NOT NULL,
  to_state   text NOT NULL,
  PRIMARY KEY (from_state, to_state)
);
INSERT INTO task_transition VALUES
  ('awaiting_approval', 'approved'), ('awaiting_approval', 'rejected'), ('awaiting_approval', 'expired'),
  ('awaiting_approval', 'superseded'), ('awaiting_approval', 'cancelled'),
  ('approved', 'running'), ('approved', 'expired'), ('approved', 'superseded'), ('approved', 'cancelled'),
  ('running', 'succeeded'), ('running', 'failed'), ('running', 'cancelled'), ('running', 'superseded');

CREATE OR REPLACE FUNCTION refuse_transition() RETURNS trigger LANGUAGE plpgsql SET search_path = pgmedic AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM task_transition WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'a recovery task never goes from % to %', OLD.state, NEW.state;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_beginning() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a recovery task never begins as %', NEW.state;
END $$;
CREATE TRIGGER recovery_task_beginning BEFORE INSERT ON recovery_task
  FOR EACH ROW WHEN (NEW.state <> 'awaiting_approval') EXECUTE FUNCTION refuse_beginning();

-- Who called a task off; the worker of one that runs is told at its next step.
ALTER TABLE recovery_task
  ADD cancel_requested_by text,
  ADD cancel_comment      text,
  ADD cancel_requested_at timestamptz,
  ADD CHECK ((cancel_requested_at IS NULL) = (cancel_requested_by IS NULL)),
  ADD CHECK ((cancel_requested_at IS NULL) = (cancel_comment IS NULL));

-- What a task needs to be approved, and until when quiet hours keep it from being started.
ALTER TABLE recovery_task
  ADD requested_by       text[] NOT NULL DEFAULT '{}',
  ADD approvals_needed   integer NOT NULL DEFAULT 1 CHECK (approvals_needed > 0),
  ADD requester_approves boolean NOT NULL DEFAULT true,
  ADD quiet_until        timestamptz;

CREATE UNIQUE INDEX approval_once ON approval (task, decided_by) WHERE decision = 'approve';

-- Nothing is approved without the approvals that it needs: a second guard behind the code's own.
CREATE FUNCTION refuse_approval() RETURNS trigger LANGUAGE plpgsql SET search_path = pgmedic AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval
                 WHERE task = NEW.id AND decision = 'approve' AND plan_digest = NEW.digest
                 HAVING bool_or(authenticated_by = 'policy')
                     OR count(*) FILTER (WHERE NEW.requester_approves OR decided_by <> ALL (NEW.requested_by))
                        >= NEW.approvals_needed) THEN
    RAISE EXCEPTION 'recovery task % has not the % approvals that it needs', NEW.id, NEW.approvals_needed;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recovery_task_unapproved BEFORE UPDATE OF state ON recovery_task
  FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION refuse_approval();

-- What ends sessions alone waits beside what changes the schema; no issue is in two open tasks.
ALTER TABLE recovery_task ADD lane text NOT NULL DEFAULT 'schema' CHECK (lane IN ('sessions', 'schema'));
DROP INDEX recovery_task_open;
CREATE UNIQUE INDEX recovery_task_open ON recovery_task (target, lane)
  WHERE state IN ('awaiting_approval', 'approved', 'running');

CREATE FUNCTION refuse_overlap() RETURNS trigger LANGUAGE plpgsql SET search_path = pgmedic AS $$
BEGIN
  IF EXISTS (SELECT FROM task_issue k JOIN recovery_task t ON t.id = k.task
             WHERE k.issue = NEW.issue AND k.task <> NEW.task
               AND t.state IN ('awaiting_approval', 'approved', 'running')) THEN
    RAISE EXCEPTION 'issue % is in another open recovery task', NEW.issue;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER task_issue_overlap BEFORE INSERT ON task_issue FOR EACH ROW EXECUTE FUNCTION refuse_overlap();
