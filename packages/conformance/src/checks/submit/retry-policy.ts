import type { Check } from '../../check.ts';
import { forAll, requireAccepted, requireRefused } from './submission-verdict.ts';

/** The rules of retry policies, and the limits that discovery declares. */
export const RETRY_POLICY_CHECKS: readonly Check[] = [
  {
    id: 'backoff-limits-in-the-wrong-order-are-refused',
    title: 'A retry policy whose maxBackoffMs is below its minBackoffMs is refused at /retry/maxBackoffMs.',
    covers: { 'REC-011': 'd2ba6a20' },
    profile: 'recorder',
    async run(t) {
      const wrong = { minBackoffMs: 5000, maxBackoffMs: 4999 };
      await requireRefused(t, 'REC-011', { retry: wrong }, '/retry/maxBackoffMs');
      await requireAccepted(t, 'REC-011', { retry: { minBackoffMs: 5000, maxBackoffMs: 5000 } });
    },
  },
  {
    id: 'backoff-limits-are-compared-with-defaults',
    title:
      'A retry policy with one of its backoff limits beyond the default of the other is refused at the one that is given.',
    covers: { 'REC-011': 'd2ba6a20' },
    profile: 'recorder',
    async run(t) {
      await requireRefused(t, 'REC-011', { retry: { maxBackoffMs: 1999 } }, '/retry/maxBackoffMs');
      await requireRefused(t, 'REC-011', { retry: { minBackoffMs: 3_600_001 } }, '/retry/minBackoffMs');
      await requireAccepted(t, 'REC-011', { retry: { maxBackoffMs: 2000 } });
      await requireAccepted(t, 'REC-011', { retry: { minBackoffMs: 3_600_000 } });
    },
  },
  {
    id: 'rules-in-both-lists-are-refused',
    title: 'A retry policy with one code or class in both retryOn and failOn is refused at /retry/failOn.',
    covers: { 'REC-012': '0e53993d' },
    profile: 'recorder',
    async run(t) {
      for (const rule of ['404', '5xx']) {
        const retry = { retryOn: ['302', rule], failOn: [rule, '409'] };
        await requireRefused(t, 'REC-012', { retry }, '/retry/failOn');
      }
      await requireAccepted(t, 'REC-012', { retry: { retryOn: ['404'], failOn: ['4xx'] } });
    },
  },
  {
    id: 'members-beyond-declared-limits-are-refused',
    title: 'A member beyond a limit that discovery declares is refused at that member.',
    covers: { 'REC-026': '7a749eb7' },
    profile: 'recorder',
    async run(t) {
      const { limits } = t.discovery;
      const beyond: readonly (readonly [members: object, pointer: string])[] = [
        [{ id: 'a'.repeat(limits.maxIdLength + 1) }, '/id'],
        [{ timeoutMs: limits.maxTimeoutMs + 1 }, '/timeoutMs'],
        [{ timeoutMs: limits.minTimeoutMs - 1 }, '/timeoutMs'],
        [{ retry: { maxAttempts: limits.maxAttempts + 1 } }, '/retry/maxAttempts'],
        [{ retry: { minBackoffMs: limits.minBackoffMs - 1 } }, '/retry/minBackoffMs'],
        [{ retry: { maxBackoffMs: limits.maxBackoffMs + 1 } }, '/retry/maxBackoffMs'],
      ];
      await forAll(beyond, ([members, pointer]) => requireRefused(t, 'REC-026', members, pointer));
    },
  },
  {
    id: 'members-at-declared-limits-are-accepted',
    title: 'A member at a limit that discovery declares is accepted.',
    covers: { 'REC-026': '7a749eb7' },
    profile: 'recorder',
    async run(t) {
      const { limits } = t.discovery;
      const id = t.newId();
      const at: readonly object[] = [
        { id: id + '~'.repeat(limits.maxIdLength - id.length) },
        { timeoutMs: limits.maxTimeoutMs },
        { timeoutMs: limits.minTimeoutMs },
        { retry: { maxAttempts: limits.maxAttempts } },
        { retry: { minBackoffMs: limits.minBackoffMs } },
        { retry: { minBackoffMs: limits.maxBackoffMs, maxBackoffMs: limits.maxBackoffMs } },
      ];
      for (const members of at) t.status('REC-026', await t.api.submit(t.parked(members)), 201);
    },
  },
];
