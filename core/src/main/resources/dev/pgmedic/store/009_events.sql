-- Chores that one node does for all: whoever holds the lease.
CREATE TABLE lease (
  name  text PRIMARY KEY,
  owner uuid NOT NULL,
  until timestamptz NOT NULL
);

-- Where events are sent. One node at a time sends for a webhook: the one that holds its lease.
CREATE TABLE webhook (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name        text NOT NULL UNIQUE,
  url         text NOT NULL,                  -- may hold a secret: shown without its path
  format      text NOT NULL CHECK (format IN ('cloudevents', 'slack', 'discord', 'ntfy')),
  secret      text NOT NULL,                  -- signs what is sent
  targets     text[] NOT NULL,                -- empty: all
  types       text[] NOT NULL,                -- empty: all
  configured  boolean NOT NULL,               -- it is in the configuration, and not to be changed over HTTP
  created_at  timestamptz NOT NULL DEFAULT now(),
  failures    integer NOT NULL DEFAULT 0,     -- attempts in vain since the last that was taken
  attempt_at  timestamptz NOT NULL DEFAULT now(),
  lease_owner uuid,
  lease_until timestamptz
);

-- What is to be sent, made in the transaction of the event.
CREATE TABLE webhook_delivery (
  webhook     uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
  sequence    bigint NOT NULL REFERENCES event ON DELETE CASCADE,
  state       text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  since       timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempts    integer NOT NULL DEFAULT 0,
  last_error  text,
  finished_at timestamptz,
  PRIMARY KEY (webhook, sequence)
);
CREATE INDEX webhook_delivery_pending ON webhook_delivery (webhook, sequence) WHERE state = 'pending';
CREATE INDEX webhook_delivery_dead ON webhook_delivery (webhook, sequence) WHERE state = 'dead';
CREATE INDEX webhook_delivery_by_event ON webhook_delivery (sequence);
