import type { Schedule } from '@dispatchr/client';
import { describe, expect, it } from 'vitest';
import { schedulePage } from './schedule-page.ts';
import { scheduleTable } from './schedule-table.ts';

const NOW_MS = Date.parse('2026-11-22T22:30:00Z');
const PLAIN = { width: undefined, colours: false };
const SCHEDULE: Schedule = {
  name: 'nightly-report',
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  task: {
    target: 'http://127.0.0.1:8000/tasks',
    taskName: 'report\u001b[2J',
    taskArgs: { days: 1 },
    headers: { 'X-Tenant': '17' },
    priority: 0,
    timeoutMs: 1500,
    retry: { maxAttempts: 3 },
  },
  missedTicks: 'one',
  overlap: 'never-heard-of',
  paused: false,
  nextTickAt: '2026-11-23T01:30:00.000Z',
  lastTickAt: '2026-11-22T01:30:00.000Z',
  lastTaskId: 'nightly-report:2026-11-22T01:30:00Z',
  createdAt: '2026-11-21T22:30:00.000Z',
};

describe('schedulePage', () => {
  it('tells everything about a schedule', () => {
    expect(schedulePage(SCHEDULE, 'completed on attempt 1 after 12 ms', PLAIN, NOW_MS)).toEqual([
      'nightly-report',
      'next tick 2026-11-23T01:30:00Z (in 3 h); last tick 2026-11-22T01:30:00Z (21 h ago), last task nightly-report:2026-11-22T01:30:00Z',
      '',
      '  state         ticking',
      '  cron          30 2 * * *',
      '  time zone     Europe/Berlin',
      '  next tick     2026-11-23T01:30:00Z (in 3 h), Mon 02:30:00 in Europe/Berlin',
      '  last tick     2026-11-22T01:30:00Z (21 h ago), Sun 02:30:00 in Europe/Berlin',
      '  last task     nightly-report:2026-11-22T01:30:00Z: completed on attempt 1 after 12 ms',
      '  missed ticks  one: the latest of them is recorded',
      '  overlap       never-heard-of',
      '  first put     2026-11-21T22:30:00Z (24 h ago)',
      '',
      'Task',
      String.raw`  name      report\u001b[2J`,
      '  target    http://127.0.0.1:8000/tasks',
      '  priority  0',
      '  timeout   1.5 s',
      '  retry     {"maxAttempts":3}',
      '  header    X-Tenant: 17',
      '  args      {"days":1}',
    ]);
  });

  it('leaves out what there is not', () => {
    const { nextTickAt: _next, lastTickAt: _last, lastTaskId: _task, ...rest } = SCHEDULE;
    const page = schedulePage(
      { ...rest, paused: true, timeZone: 'UTC', task: { target: 'http://a/', request: { method: 'GET' } } },
      undefined,
      PLAIN,
      NOW_MS,
    );
    expect(page.join('\n')).not.toMatch(/next tick|last tick|last task/);
    expect(page.slice(page.indexOf('Task'))).toEqual([
      'Task',
      '  target   http://a/',
      '  request  {"method":"GET"}',
    ]);
  });
});

describe('scheduleTable', () => {
  it('has a line for each schedule', () => {
    const other = { ...SCHEDULE, name: 'other', paused: true };
    const [heading, ...lines] = scheduleTable([SCHEDULE, other], PLAIN, NOW_MS);
    expect(heading).toMatch(/^NAME +STATE +CRON +TIME ZONE +TASK +TICKS$/);
    expect(lines[0]).toMatch(
      /^nightly-report {2}ticking {2}30 2 \* \* \* {2}Europe\/Berlin {2}report\\u001b\[2J {2}next tick /,
    );
    expect(lines[1]).toMatch(/^other +paused .* paused: its ticks are left out; last tick /);
  });

  it('puts the ticks on a line of their own where the terminal has no room', () => {
    const lines = scheduleTable([SCHEDULE], { width: 80, colours: false }, NOW_MS);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^ {4}next tick 2026-11-23T01:30:00Z/);
  });
});
