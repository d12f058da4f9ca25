import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { type Fault, refuseMembers } from './faults.ts';
import { textWith } from './texts.ts';

/** Members that need a feature are judged only where it is declared. */
function supported(t: CheckContext, faults: readonly (readonly [feature: string, ...Fault])[]): Fault[] {
  return faults
    .filter(([feature]) => feature === '' || t.discovery.features.includes(feature))
    .map(([, members, pointer]) => [members, pointer]);
}

/** Members of a submission that are unknown, null or of another type. */
export const JSON_MEMBER_CHECKS: readonly Check[] = [
  {
    id: 'unknown-members-are-refused',
    title: 'A member that the specification does not name is refused, and its pointer told.',
    covers: { 'JSN-013': '230719d1', 'PRB-006': 'c9e07667' },
    profile: 'recorder',
    async run(t) {
      const faults: (readonly [string, ...Fault])[] = [
        ['', { surprise: 1 }, '/surprise'],
        ['', { TaskName: 'x' }, '/TaskName'],
        ['', { state: 'pending' }, '/state'],
        ['', { retry: { maxAttempts: 5, surprise: null } }, '/retry/surprise'],
        ['request', { taskName: undefined, request: { surprise: 1 } }, '/request/surprise'],
      ];
      await refuseMembers(t, 'JSN-013', supported(t, faults));
    },
  },
  {
    id: 'unknown-members-of-a-batch-are-refused',
    title: 'A member that the specification does not name is refused in a batch and in each of its tasks.',
    covers: { 'JSN-013': '230719d1', 'PRB-006': 'c9e07667' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const inTask = await t.api.submitBatch([t.parked(), t.parked({ surprise: 1 })]);
      t.problem('JSN-013', inTask, 'invalid-request', { pointer: '/tasks/1/surprise' });
      const beside = await t.api.submitBatch(JSON.stringify({ tasks: [t.parked()], surprise: 1 }));
      t.problem('JSN-013', beside, 'invalid-request', { pointer: '/surprise' });
    },
  },
  {
    id: 'operations-refuse-members',
    title: 'Cancel, run, retry and delete refuse a body with a member, and leave the task as it is.',
    covers: { 'JSN-013': '230719d1', 'JSN-016': '60da62e0' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked());
      for (const [method, operation] of [
        ['POST', '/run'],
        ['POST', '/retry'],
        ['POST', '/cancel'],
        ['DELETE', ''],
      ] as const) {
        const path = `/v1/tasks/${id}${operation}`;
        const named = await t.api.request(method, path, { body: '{"force":true}' });
        t.problem('JSN-013', named, 'invalid-request', { pointer: '/force' });
        const typed = await t.api.request(method, path, { body: '[]' });
        t.problem('JSN-016', typed, 'invalid-request', { pointer: '' });
      }
      t.equal('JSN-013', 'the task is as it was', (await t.api.get(id)).json?.state, 'pending');
    },
  },
  {
    id: 'pointers-are-escaped',
    title: 'A pointer writes `~` as `~0` and `/` as `~1`, and nothing else otherwise.',
    covers: { 'PRB-006': 'c9e07667' },
    profile: 'recorder',
    async run(t) {
      const pointers = { 'a/b': '/a~1b', 'm~n': '/m~0n', '~1': '/~01', 'é %"': '/é %"', '': '/' };
      for (const [name, pointer] of Object.entries(pointers)) {
        const response = await t.api.submit(textWith(t, `${JSON.stringify(name)}:1`));
        t.problem('PRB-006', response, 'invalid-request', { pointer });
      }
      const header = await t.api.submit(t.parked({ headers: { 'a/b': 'x' } }));
      t.problem('PRB-006', header, 'invalid-request', { pointer: '/headers/a~1b' });
    },
  },
  {
    id: 'null-is-refused',
    title: 'A member that is null is refused, and not taken as one that is left out.',
    covers: { 'JSN-015': '4574c1aa', 'JSN-024': 'e16a10e3' },
    profile: 'recorder',
    async run(t) {
      const names = [
        'target',
        'taskName',
        'id',
        'queue',
        'flowKey',
        'dueAt',
        'delayMs',
        'timeoutMs',
        'retry',
        'headers',
      ];
      const ofRetry = [
        'maxAttempts',
        'minBackoffMs',
        'maxBackoffMs',
        'multiplier',
        'jitter',
        'maxDurationMs',
        'retryOn',
        'failOn',
      ];
      await refuseMembers(t, 'JSN-015', [
        ...names.map((name): Fault => [{ [name]: null }, `/${name}`]),
        ...ofRetry.map((name): Fault => [{ retry: { [name]: null } }, `/retry/${name}`]),
        [{ headers: { 'X-A': null } }, '/headers/X-A'],
        [{ retry: { failOn: ['404', null] } }, '/retry/failOn/1'],
      ]);
    },
  },
  {
    id: 'null-is-refused-in-members-of-features',
    title:
      'The members `request`, `priority` and `expiresAt` are refused when they are null, where their features are declared.',
    covers: { 'JSN-015': '4574c1aa' },
    profile: 'recorder',
    async run(t) {
      const faults = supported(t, [
        ['request', { request: null }, '/request'],
        ['request', { taskName: undefined, request: { body: null } }, '/request/body'],
        ['priority', { priority: null }, '/priority'],
        ['expiry', { expiresAt: null }, '/expiresAt'],
      ]);
      if (faults.length === 0) t.skip('none of the features request, priority and expiry is declared');
      await refuseMembers(t, 'JSN-015', faults);
    },
  },
  {
    id: 'other-types-are-refused',
    title: 'A value of another JSON type than the schema says is refused, also where it could be converted.',
    covers: { 'JSN-016': '60da62e0' },
    profile: 'recorder',
    async run(t) {
      await refuseMembers(t, 'JSN-016', [
        [{ delayMs: '5' }, '/delayMs'],
        [{ timeoutMs: '1000' }, '/timeoutMs'],
        [{ timeoutMs: true }, '/timeoutMs'],
        [{ timeoutMs: [1000] }, '/timeoutMs'],
        [{ retry: { maxAttempts: '5' } }, '/retry/maxAttempts'],
        [{ retry: { jitter: '0' } }, '/retry/jitter'],
        [{ taskName: 5 }, '/taskName'],
        [{ taskName: false }, '/taskName'],
        [{ queue: ['default'] }, '/queue'],
        [{ flowKey: 5 }, '/flowKey'],
        [{ dueAt: 1_900_000_000 }, '/dueAt'],
        [{ target: { url: 'http://conformance.invalid' } }, '/target'],
        [{ headers: { 'X-A': 5 } }, '/headers/X-A'],
      ]);
    },
  },
  {
    id: 'other-structures-are-refused',
    title: 'An array for an object, an object for an array, and a body that is no object are refused.',
    covers: { 'JSN-016': '60da62e0' },
    profile: 'recorder',
    async run(t) {
      await refuseMembers(t, 'JSN-016', [
        [{ retry: [] }, '/retry'],
        [{ retry: 'no' }, '/retry'],
        [{ headers: [] }, '/headers'],
        [{ retry: { retryOn: '404' } }, '/retry/retryOn'],
        [{ retry: { failOn: { 0: '404' } } }, '/retry/failOn'],
        [{ retry: { failOn: [404] } }, '/retry/failOn/0'],
      ]);
      for (const body of ['[]', '"text"', '5', 'true', 'null', `[${JSON.stringify(t.parked())}]`])
        t.problem('JSN-016', await t.api.submit(body), 'invalid-request', { pointer: '' });
    },
  },
];
