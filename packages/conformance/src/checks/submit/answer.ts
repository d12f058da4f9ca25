import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { forAll, requireAccepted } from './submission-verdict.ts';

const DEFAULT_RETRY = {
  maxAttempts: 100,
  minBackoffMs: 2000,
  maxBackoffMs: 3_600_000,
  multiplier: 2,
  jitter: 0.2,
  retryOn: [],
  failOn: [],
};

const ORIGINS: readonly (readonly [target: string, origin: string])[] = [
  ['http://EXAMPLE.invalid:80/a?b', 'http://example.invalid'],
  ['HTTPS://conformance.invalid:443', 'https://conformance.invalid'],
  ['https://conformance.invalid:80/x', 'https://conformance.invalid:80'],
  ['http://conformance.invalid:0080/', 'http://conformance.invalid'],
  ['http://conformance.invalid:8080/', 'http://conformance.invalid:8080'],
  ['http://conformance.invalid./', 'http://conformance.invalid.'],
  ['http://bücher.invalid/', 'http://xn--bcher-kva.invalid'],
  ['http://134744072/', 'http://8.8.8.8'],
  ['http://[2606:4700:0:0:0:0:0:1111]:8080/', 'http://[2606:4700::1111]:8080'],
];

/** What a submit that is accepted is answered with. */
export const SUBMIT_ANSWER_CHECKS: readonly Check[] = [
  {
    id: 'submit-answers-201-with-location',
    title: 'A submit is answered with 201, a Location at which the task can be read, and the summary.',
    covers: { 'REC-002': '25146da1' },
    profile: 'recorder',
    async run(t) {
      const response = await t.api.submit(t.parked());
      t.status('REC-002', response, 201);
      await requireReadable(t, response);
    },
  },
  {
    id: 'repeated-submit-answers-200-with-location',
    title:
      'A submit that is repeated is answered with 200, a Location at which the task can be read, and the summary.',
    covers: { 'REC-002': '25146da1', 'REC-003': 'a6e68abc' },
    profile: 'recorder',
    async run(t) {
      const task = t.parked({ id: t.newId() });
      const first = await t.submit(task);
      const response = await t.api.submit(task);
      t.status('REC-002', response, 200);
      await requireReadable(t, response);
      t.equal('REC-003', 'the 200 has the summary that the 201 had', response.json, first);
    },
  },
  {
    id: 'submit-resolves-defaults',
    title: 'The answer to a submit shows every default that the producer left to the server.',
    covers: { 'REC-003': 'a6e68abc' },
    profile: 'recorder',
    async run(t) {
      const { target, taskName } = t.parked();
      const task = await t.submit({ target, taskName, delayMs: 86_400_000 });
      t.matches('REC-003', 'the summary has the defaults', task, {
        state: 'pending',
        target,
        taskName,
        queue: 'default',
        priority: 0,
        timeoutMs: 30_000,
        retry: DEFAULT_RETRY,
        attempt: 0,
        attemptsUsed: 0,
      });
      t.ok(
        'REC-003',
        'a retry policy has no maxDurationMs by itself',
        task.retry.maxDurationMs === undefined,
      );
    },
  },
  {
    id: 'submit-fills-in-a-partial-retry-policy',
    title: 'A retry policy of which a submit gives one member is shown with the defaults of all others.',
    covers: { 'REC-003': 'a6e68abc' },
    profile: 'recorder',
    async run(t) {
      const given = [{ maxAttempts: 3 }, { jitter: 0 }, { failOn: ['404'] }, { maxDurationMs: 60_000 }, {}];
      for (const retry of given) {
        const task = await t.submit(t.parked({ retry }));
        const expected = { ...DEFAULT_RETRY, ...retry };
        t.matches('REC-003', `the policy of ${JSON.stringify(retry)} is filled in`, task.retry, expected);
      }
    },
  },
  {
    id: 'flow-key-is-the-origin-by-default',
    title: 'A task without a flowKey shows the origin of its target as the WHATWG URL Standard makes it.',
    covers: { 'REC-025': '2dde4b16' },
    profile: 'recorder',
    async run(t) {
      await forAll(ORIGINS, async ([target, origin]) => {
        const { json } = await requireAccepted(t, 'REC-025', { target });
        t.equal('REC-025', `the flowKey of a task for ${target}`, json.flowKey, origin);
      });
      const given = await t.submit(t.parked({ flowKey: 'tenant-17' }));
      t.equal('REC-025', 'a flowKey that is given', given.flowKey, 'tenant-17');
    },
  },
];

async function requireReadable(t: CheckContext, response: ApiResponse): Promise<void> {
  const location = response.headers['location'];
  t.ok('REC-002', `the ${response.status} has a Location`, location !== undefined);
  const { pathname, search } = new URL(location ?? '', `${t.api.baseUrl}/v1/tasks`);
  const read = await t.api.request('GET', `${pathname}${search}`);
  t.status('REC-002', read, 200);
  const what = 'the task at Location is the one that was submitted';
  t.equal('REC-002', what, read.json?.id, response.json?.id);
}
