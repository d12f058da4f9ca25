-- Room on every page of the hot table, so that claims and renewals stay heap-only updates.
ALTER TABLE "dispatchr"."unfinished_tasks" SET (
  fillfactor = 45,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 50000
);
