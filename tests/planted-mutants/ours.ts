import type { PlantedMutant } from './planted-mutant.ts';

/** Faults for the real service; each is one that somebody could make. */
export const OUR_MUTANTS: readonly PlantedMutant[] = [
  {
    id: 'only-200-completes',
    fault: 'An answer of 204 is tried again.',
    file: 'packages/lifecycle/src/outcome.ts',
    edits: [{ find: 'answer.status >= 200 && answer.status <= 299', replace: 'answer.status === 200' }],
    requirement: 'ANS-001',
  },
  {
    id: '422-is-tried-again',
    fault: 'An answer of 422 does not fail the task.',
    file: 'packages/lifecycle/src/outcome.ts',
    edits: [{ find: '[400, 405, 410, 413, 414, 415, 422]', replace: '[400, 405, 410, 413, 414, 415]' }],
    requirement: 'ANS-007',
  },
  {
    id: 'dispatchr-retry-is-ignored',
    fault: '`Dispatchr-Retry: no` does not fail the task.',
    file: 'packages/lifecycle/src/outcome.ts',
    edits: [{ find: "toLowerCase() === 'no'", replace: "toLowerCase() === 'never'" }],
    requirement: 'ANS-002',
  },
  {
    id: 'backoff-is-constant',
    fault: 'Every pause is as long as the first.',
    file: 'packages/lifecycle/src/retry-delay.ts',
    edits: [{ find: 'retry.multiplier ** Math.max(0, usedAttempts - 1)', replace: '1 + usedAttempts * 0' }],
    requirement: 'RTY-002',
  },
  {
    id: 'retry-after-date-is-ignored',
    fault: '`Retry-After` counts in seconds only.',
    file: 'packages/lifecycle/src/retry-after.ts',
    edits: [
      {
        find: ': waitUntilMs(value, headers.date, nowEpochMs);',
        replace: ': void waitUntilMs(value, headers.date, nowEpochMs);',
      },
    ],
    requirement: 'RTY-022',
  },
  {
    id: 'signatures-in-base64url',
    fault: 'Signatures have another alphabet than Standard Webhooks.',
    file: 'packages/scheduler/src/delivery/signature.ts',
    edits: [{ find: "digest('base64')", replace: "digest('base64url')" }],
    requirement: 'SIG-003',
  },
  {
    id: 'any-content-is-the-same',
    fault: 'An id that is used again with other content is answered with the first task.',
    file: 'packages/recorder/src/fingerprint.ts',
    edits: [{ find: 'canonicalJson(source), ', replace: 'canonicalJson(source).slice(0, 0), ' }],
    requirement: 'IDN-008',
  },
  {
    id: 'member-order-counts',
    fault: 'The same content with its members in another order is a conflict.',
    file: 'packages/recorder/src/fingerprint.ts',
    edits: [{ find: 'canonicalJson(source), ', replace: 'canonicalJson(source) && source, ' }],
    requirement: 'IDN-002',
  },
  {
    id: 'retry-keeps-the-old-budget',
    fault: "An operator's retry does not set `attemptsUsed` to 0.",
    file: 'packages/store/src/statements/retry-finished-task.ts',
    edits: [
      {
        find: 'RETURNING seq, attempt, started_at',
        replace: 'RETURNING seq, attempt, attempts_used, started_at',
      },
      { find: 'attempt, started_at)', replace: 'attempt, attempts_used, started_at)' },
      { find: 'reopened.attempt, reopened', replace: 'reopened.attempt, reopened.attempts_used, reopened' },
    ],
    requirement: 'CAN-015',
  },
  {
    id: 'page-repeats-a-task',
    fault: 'A page begins with the last task of the page before.',
    file: 'packages/store/src/statements/list-tasks.ts',
    edits: [{ find: 't.seq < ${page.before}', replace: 't.seq <= ${page.before}' }],
    requirement: 'PAG-006',
  },
  {
    id: 'attempts-left-is-one-too-many',
    fault: '`Dispatchr-Attempts-Left` is 1 on the last attempt.',
    file: 'packages/scheduler/src/delivery/request-of.ts',
    edits: [{ find: 'task.attemptsUsed))', replace: 'task.attemptsUsed - 1))' }],
    requirement: 'DLV-007',
  },
  {
    id: 'first-retry-is-at-once',
    fault: 'The first pause is left out.',
    file: 'packages/lifecycle/src/settlement.ts',
    edits: [{ find: 'const delayMs = atOnce ?', replace: 'const delayMs = atOnce || attemptsUsed === 1 ?' }],
    requirement: 'RTY-004',
  },
];
