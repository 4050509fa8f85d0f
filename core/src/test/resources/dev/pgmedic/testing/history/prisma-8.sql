-- Prisma 8.0.0-rc.5
CREATE SCHEMA prisma_contract;
CREATE TABLE prisma_contract.marker (
  space text PRIMARY KEY, core_hash text NOT NULL, profile_hash text NOT NULL, contract_json jsonb,
  canonical_version int, updated_at timestamptz NOT NULL DEFAULT now(), app_tag text,
  meta jsonb NOT NULL DEFAULT '{}', invariants text[] NOT NULL DEFAULT '{}');
CREATE TABLE prisma_contract.ledger (
  id bigserial PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(), space text NOT NULL,
  migration_name text NOT NULL, migration_hash text NOT NULL, origin_core_hash text, origin_profile_hash text,
  destination_core_hash text NOT NULL, destination_profile_hash text, operations jsonb NOT NULL);
INSERT INTO prisma_contract.ledger (space, migration_name, migration_hash, destination_core_hash, operations) VALUES
  ('app', '20260101T0000_first', 'sha256:1', 'sha256:2', '[]');
