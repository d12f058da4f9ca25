-- Room on every page of the hot table, so that claims and renewals stay heap-only updates; and its pages are kept
-- when it is drained, because a plan made for a table without pages reads the refilled one from end to end.
ALTER TABLE "dispatchr"."unfinished_tasks" SET (
  fillfactor = 45,
  vacuum_truncate = off,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 50000
);
