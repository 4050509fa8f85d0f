-- Who may ask for what, besides those whom the configuration names. Nobody keeps the token itself.
CREATE TABLE token (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name       text NOT NULL,
  role       text NOT NULL CHECK (role IN ('viewer', 'approver', 'admin')),
  kind       text NOT NULL CHECK (kind IN ('person', 'agent', 'service')),
  hash       text NOT NULL UNIQUE,             -- SHA-256 of 256 random bits, in hex
  targets    text[] NOT NULL,                  -- only for these; empty: for any
  labels     jsonb NOT NULL,                   -- only for targets that have all of them
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX token_by_age ON token (created_at, id);
-- An approval counts by its token's name.
CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked_at IS NULL;

-- What may be done grows. The check had the name that the server gave it, and is found by what it is about.
DO $$
DECLARE
  old name;
BEGIN
  FOR old IN SELECT c.conname FROM pg_constraint c JOIN pg_attribute a
               ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
             WHERE c.conrelid = 'audit'::regclass AND c.contype = 'c' AND a.attname = 'action' LOOP
    EXECUTE format('ALTER TABLE audit DROP CONSTRAINT %I', old);
  END LOOP;
END $$;
ALTER TABLE audit ADD CONSTRAINT audit_action
  CHECK (action IN ('approve', 'reject', 'cancel', 'undo', 'propose', 'resolve', 'accept', 'silence', 'confirm',
                    'empty_quarantine', 'create_token', 'revoke_token'));

-- As an agent claims; nothing proves it.
ALTER TABLE approval ADD on_behalf_of text;
-- What carried the token; NULL where there was none, and in what was written before.
ALTER TABLE audit ADD kind text CONSTRAINT audit_kind CHECK (kind IN ('person', 'agent', 'service'));
