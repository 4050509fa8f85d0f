-- Which browsers are signed in to the console, and with which token. Nobody keeps the cookie itself.
CREATE TABLE browser_session (
  hash       text PRIMARY KEY,                 -- SHA-256 of the cookie, which is 256 random bits, in hex
  token      uuid REFERENCES token (id) ON DELETE CASCADE,  -- one of the store; NULL for one of the configuration
  proof      text,                             -- of one of the configuration: a hash that takes the cookie to compare
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz NOT NULL DEFAULT now(),
  CHECK ((token IS NULL) <> (proof IS NULL))
);
CREATE INDEX browser_session_by_use ON browser_session (used_at);

ALTER TABLE audit DROP CONSTRAINT audit_action;
ALTER TABLE audit ADD CONSTRAINT audit_action
  CHECK (action IN ('approve', 'reject', 'cancel', 'undo', 'propose', 'resolve', 'accept', 'silence', 'confirm',
                    'empty_quarantine', 'create_token', 'revoke_token', 'sign_in', 'sign_out'));
