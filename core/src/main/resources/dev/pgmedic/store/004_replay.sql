-- A difference that a person accepted is never taken back by a replay.
ALTER TABLE baseline ADD accepted_at timestamptz;

-- Which objects each version makes is a part of what a target is held against.
CREATE TRIGGER replay_changed AFTER INSERT OR UPDATE OR DELETE ON replay
  FOR EACH ROW EXECUTE FUNCTION known_good_changed();
