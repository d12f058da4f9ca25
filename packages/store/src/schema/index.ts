export { attempts } from './attempts.ts';
export { finishedTasks } from './finished-tasks.ts';
export { gates } from './gates.ts';
export { heldTargets } from './held-targets.ts';
export { flowKeys, queues } from './queues.ts';
export { schedules } from './schedules.ts';
export { schedulers } from './schedulers.ts';
export { dispatchr, tasks } from './tasks.ts';
export { inTurns, leaseNumbers, NEXT_LEASE, unfinishedTasks } from './unfinished-tasks.ts';
