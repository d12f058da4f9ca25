import type { Schedule } from '@dispatchr/contract';

/** A schedule as a recorder answers with it. */
export function schedule(members: Partial<Schedule> = {}): Schedule {
  return {
    name: 'nightly-report',
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    task: { target: 'http://127.0.0.1:8000/tasks', taskName: 'nightly-report' },
    missedTicks: 'one',
    overlap: 'allow',
    paused: false,
    nextTickAt: '2026-11-23T01:30:00.000Z',
    lastTickAt: '2026-11-22T01:30:00.000Z',
    lastTaskId: 'nightly-report:2026-11-22T01:30:00Z',
    createdAt: '2026-10-01T09:00:00.000Z',
    ...members,
  };
}
