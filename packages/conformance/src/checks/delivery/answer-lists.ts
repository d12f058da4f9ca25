import type { Check } from '../../check.ts';
import type { AnswerParts } from '../../receiver/delivery.ts';
import { type Case, casesOf, requireOutcome } from './try-once.ts';

/** What an answer means when the task's lists or the target's header say something about it. */
export const ANSWER_LIST_CHECKS: readonly Check[] = [
  {
    id: 'dispatchr-retry-no-rejects',
    title: 'An answer outside of 2xx with `Dispatchr-Retry: no` rejects the task.',
    covers: { 'ANS-002': '4f2f0efc' },
    profile: 'core',
    run: (t) =>
      requireOutcome(t, 'ANS-002', 'rejected', {
        '500 with no': answer(500, 'no'),
        '404 with no': answer(404, 'no'),
        '302 with no': answer(302, 'no'),
        '503 with no': answer(503, 'no'),
      }),
  },
  {
    id: 'dispatchr-retry-no-is-read-in-any-case',
    title: '`Dispatchr-Retry: no` counts in any case, and with white space around it.',
    covers: { 'ANS-002': '4f2f0efc' },
    profile: 'core',
    run: (t) =>
      requireOutcome(t, 'ANS-002', 'rejected', {
        NO: answer(500, 'NO'),
        No: answer(500, 'No'),
        'no with white space': answer(500, ' \tno \t'),
        'a name in lower case': { answer: { status: 500, headers: { 'dispatchr-retry': 'no' } } },
      }),
  },
  {
    id: 'dispatchr-retry-no-beats-retry-on',
    title: '`Dispatchr-Retry: no` rejects the task although `retryOn` names the code or the class.',
    covers: { 'ANS-002': '4f2f0efc' },
    profile: 'core',
    run: (t) =>
      requireOutcome(t, 'ANS-002', 'rejected', {
        'a code of retryOn': { ...answer(500, 'no'), retry: { retryOn: ['500'] } },
        'a class of retryOn': { ...answer(422, 'no'), retry: { retryOn: ['4xx'] } },
      }),
  },
  {
    id: 'other-values-of-dispatchr-retry-are-ignored',
    title: 'A `Dispatchr-Retry` other than `no` changes nothing.',
    covers: { 'ANS-010': 'ba06fdb5' },
    profile: 'core',
    async run(t) {
      const values = ['yes', 'none', 'false', '0', 'never', 'not', '"no"', 'no;a', ''];
      const cases = (status: number): Record<string, Case> =>
        Object.fromEntries(values.map((value) => [`${status} with "${value}"`, answer(status, value)]));
      await requireOutcome(t, 'ANS-010', 'retryable', cases(500));
      await requireOutcome(t, 'ANS-010', 'rejected', { '422 with yes': answer(422, 'yes') });
    },
  },
  {
    id: 'code-of-fail-on-rejects',
    title: 'An answer whose code `failOn` names rejects the task, and no other answer does for that.',
    covers: { 'ANS-003': '11fc975b', 'ANS-008': '3be7ad65' },
    profile: 'core',
    async run(t) {
      const retry = { failOn: ['404', '302', '503'] };
      await requireOutcome(t, 'ANS-003', 'rejected', casesOf([404, 302, 503], retry));
      await requireOutcome(t, 'ANS-008', 'retryable', casesOf([403, 307, 500], retry));
    },
  },
  {
    id: 'code-of-fail-on-beats-class-of-retry-on',
    title: 'An answer whose code `failOn` names rejects the task although `retryOn` names its class.',
    covers: { 'ANS-003': '11fc975b', 'ANS-006': 'f1b5212a' },
    profile: 'core',
    async run(t) {
      const retry = { failOn: ['404', '422'], retryOn: ['4xx'] };
      await requireOutcome(t, 'ANS-003', 'rejected', casesOf([404, 422], retry));
      await requireOutcome(t, 'ANS-006', 'retryable', casesOf([400, 403], retry));
    },
  },
  {
    id: 'code-of-retry-on-is-retryable',
    title: 'An answer whose code `retryOn` names is retryable, and no other that rejects becomes so.',
    covers: { 'ANS-004': '21f3747d', 'ANS-007': 'd0b0e0aa' },
    profile: 'core',
    async run(t) {
      const retry = { retryOn: ['422', '410'] };
      await requireOutcome(t, 'ANS-004', 'retryable', casesOf([422, 410], retry));
      await requireOutcome(t, 'ANS-007', 'rejected', casesOf([400, 415], retry));
    },
  },
  {
    id: 'code-of-retry-on-beats-class-of-fail-on',
    title: 'An answer whose code `retryOn` names is retryable although `failOn` names its class.',
    covers: { 'ANS-004': '21f3747d', 'ANS-005': 'e3658e5e' },
    profile: 'core',
    async run(t) {
      const retry = { retryOn: ['404', '422'], failOn: ['4xx'] };
      await requireOutcome(t, 'ANS-004', 'retryable', casesOf([404, 422], retry));
      await requireOutcome(t, 'ANS-005', 'rejected', casesOf([400, 403], retry));
    },
  },
  {
    id: 'class-of-fail-on-rejects',
    title: 'An answer whose class `failOn` names rejects the task, and one of another class does not.',
    covers: { 'ANS-005': 'e3658e5e', 'ANS-008': '3be7ad65' },
    profile: 'core',
    async run(t) {
      await requireOutcome(t, 'ANS-005', 'rejected', {
        ...casesOf([500, 503, 599], { failOn: ['5xx'] }),
        ...casesOf([404, 429], { failOn: ['4xx'] }),
        ...casesOf([302, 304], { failOn: ['3xx'] }),
      });
      await requireOutcome(t, 'ANS-008', 'retryable', casesOf([302, 404], { failOn: ['5xx'] }));
    },
  },
  {
    id: 'class-of-retry-on-is-retryable',
    title: 'An answer whose class `retryOn` names is retryable, those of a wrong request included.',
    covers: { 'ANS-006': 'f1b5212a', 'ANS-007': 'd0b0e0aa' },
    profile: 'core',
    async run(t) {
      const statuses = [400, 405, 410, 413, 414, 415, 422];
      await requireOutcome(t, 'ANS-006', 'retryable', casesOf(statuses, { retryOn: ['4xx'] }));
      await requireOutcome(t, 'ANS-007', 'rejected', casesOf([400], { retryOn: ['5xx'] }));
    },
  },
];

function answer(status: number, dispatchrRetry: string): { readonly answer: AnswerParts } {
  return { answer: { status, headers: { 'Dispatchr-Retry': dispatchrRetry } } };
}
