import type { Check } from '../../check.ts';
import { requirePause } from './observed-pause.ts';

const DEFAULTS = {
  maxAttempts: 100,
  minBackoffMs: 2000,
  maxBackoffMs: 3_600_000,
  multiplier: 2,
  jitter: 0.2,
  retryOn: [],
  failOn: [],
};

/** What a policy is that was not given. */
export const RETRY_DEFAULT_CHECKS: readonly Check[] = [
  {
    id: 'retry-defaults-are-shown',
    title: 'A task shows a retry policy with every default that its submission left out.',
    covers: { 'RTY-001': '3b0c582f' },
    profile: 'recorder',
    async run(t) {
      const given = [
        undefined,
        {},
        { maxAttempts: 7 },
        { jitter: 0 },
        { failOn: ['404'] },
        { maxDurationMs: 60_000 },
      ];
      for (const retry of given) {
        const summary = await t.submit(t.parked(retry === undefined ? {} : { retry }));
        const what = `the policy of a task with ${retry === undefined ? 'no retry' : `retry ${JSON.stringify(retry)}`}`;
        t.equal('RTY-001', `${what}, in the answer of the submit`, summary.retry, { ...DEFAULTS, ...retry });
        const { json } = await t.api.get(summary.id);
        t.equal('RTY-001', `${what}, when it is read`, json?.retry, { ...DEFAULTS, ...retry });
      }
    },
  },
  {
    id: 'retry-defaults-are-followed',
    title: 'A task without `retry` is tried again 2 to 2.4 seconds after its first attempt.',
    covers: { 'RTY-001': '3b0c582f' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500, 200);
      const { id } = await t.submit(t.taskFor(target));
      const second = await t.delivery(target, 2, 2400 + t.timing.patienceMs);
      const [first] = await t.attempts(id);
      const dueAt = second.header('Dispatchr-Due-At') ?? '';
      const gotMs = Date.parse(dueAt) - Date.parse(first.endedAt);
      requirePause(t, 'RTY-001', 'after the first attempt', gotMs, 2000, 2400);
    },
  },
];
