-- What was answered to requests with an Idempotency-Key, for those that come again. Kept 24 hours.
CREATE TABLE kept_answer (
  token         text NOT NULL,                      -- the name of whoever asked
  key           text NOT NULL,                      -- as they chose it
  request       text NOT NULL,                      -- a hash of all that they asked
  claim         uuid NOT NULL,                      -- of the node that is at work, or was
  claimed_until timestamptz NOT NULL,
  at            timestamptz NOT NULL DEFAULT now(),
  status        integer,                            -- absent while it is at work
  content_type  text,
  tag           text,
  body          text,
  PRIMARY KEY (token, key)
);
CREATE INDEX kept_answer_by_age ON kept_answer (at);
