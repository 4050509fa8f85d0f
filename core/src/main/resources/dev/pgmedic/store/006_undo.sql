-- Which recovery a recovery takes back.
ALTER TABLE recovery_task ADD undo_of uuid REFERENCES recovery_task;
CREATE INDEX recovery_task_by_undone ON recovery_task (undo_of) WHERE undo_of IS NOT NULL;
