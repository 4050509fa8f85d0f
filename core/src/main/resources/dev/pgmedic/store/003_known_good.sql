-- Who said that a known-good catalog is right, and which issues a person does not want to hear of for a while.

ALTER TABLE baseline
  ADD source       text NOT NULL DEFAULT 'baseline' CHECK (source IN ('baseline', 'replay')),
  ADD confirmed_by text,                              -- 'expect', 'replay' or a person
  ADD confirmed_at timestamptz,
  ADD script_stale boolean NOT NULL DEFAULT false;    -- the catalog went on without its script

UPDATE baseline SET confirmed_by = 'expect', confirmed_at = taken_at WHERE confirmed;

ALTER TABLE issue
  ADD silenced_until timestamptz,
  ADD silenced_by    text;

-- What the last replay of a target's migrations told: which objects each version makes.
CREATE TABLE replay (
  target   text PRIMARY KEY REFERENCES target,
  digest   text NOT NULL,                             -- of the files and the version that were replayed
  outcome  text NOT NULL CHECK (outcome IN ('agrees', 'differs', 'failed')),
  detail   text NOT NULL,
  versions jsonb NOT NULL DEFAULT '[]',
  at       timestamptz NOT NULL DEFAULT now()
);
