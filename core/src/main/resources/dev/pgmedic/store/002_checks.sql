-- Whoever changes what a target is held against says so here: until then a check of a schema that did not change
-- reads no known-good.
ALTER TABLE target ADD known_good_revision bigint NOT NULL DEFAULT 0;

CREATE FUNCTION known_good_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE target SET known_good_revision = known_good_revision + 1 WHERE name = coalesce(NEW.target, OLD.target);
  RETURN NULL;
END $$;
CREATE TRIGGER baseline_changed AFTER INSERT OR UPDATE OR DELETE ON baseline
  FOR EACH ROW EXECUTE FUNCTION known_good_changed();
