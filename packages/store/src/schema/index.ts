export { attempts } from './attempts.ts';
export { finishedTasks } from './finished-tasks.ts';
export { dispatchr, tasks } from './tasks.ts';
export { leaseNumbers, NEXT_LEASE, unfinishedTasks } from './unfinished-tasks.ts';
