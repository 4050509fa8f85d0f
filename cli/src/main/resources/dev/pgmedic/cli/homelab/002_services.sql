CREATE TABLE services (
  id      serial PRIMARY KEY,
  name    text NOT NULL UNIQUE,
  enabled boolean NOT NULL DEFAULT true
);
