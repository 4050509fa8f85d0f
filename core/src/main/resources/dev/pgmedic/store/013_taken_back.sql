-- A step that ran may be taken back when a later one fails.
ALTER TABLE step_run DROP CONSTRAINT step_run_state_check,
  ADD CONSTRAINT step_run_state_check CHECK (state IN ('running', 'succeeded', 'failed', 'undoing', 'undone'));
