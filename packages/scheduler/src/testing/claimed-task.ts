import type { ClaimedTask } from '@dispatchr/store';

/** A claimed task with everything left out that a producer may leave out. */
export function claimedTask(members: Partial<ClaimedTask> = {}): ClaimedTask {
  const { target = 'http://127.0.0.1:9/hook' } = members;
  const { origin } = new URL(target);
  return {
    seq: 1,
    lease: 1,
    id: 'task-1',
    target,
    origin,
    taskName: 'greet',
    queue: 'default',
    flowKey: origin,
    priority: 0,
    attempt: 1,
    attemptsUsed: 0,
    dueAt: new Date('2026-01-02T03:04:05.678Z'),
    claimedAt: new Date('2026-01-02T03:04:06.000Z'),
    sinceFirstClaimMs: 0,
    isGated: false,
    isRun: false,
    ...members,
  };
}
