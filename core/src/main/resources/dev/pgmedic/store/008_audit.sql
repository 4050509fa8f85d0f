-- Who changed what, for ever: written in the transaction of the change, and never changed itself.
CREATE TABLE audit (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at               timestamptz NOT NULL DEFAULT now(),
  actor            text NOT NULL,                     -- the token's name, or 'policy'
  authenticated_by text NOT NULL,
  on_behalf_of     text,                              -- as the actor claims
  address          text NOT NULL,                     -- '' where nobody asked
  request_id       text NOT NULL,
  action           text NOT NULL CHECK (action IN ('approve', 'reject', 'cancel', 'undo', 'propose', 'resolve', 'accept',
                                                   'silence', 'confirm', 'empty_quarantine')),
  target           text NOT NULL,
  subject          text NOT NULL,
  digest           text NOT NULL,                     -- of what they saw; '' where they named none
  comment          text NOT NULL
);

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is only ever added to';
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM CURRENT_USER, PUBLIC;
