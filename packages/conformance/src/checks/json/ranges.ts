import type { Check } from '../../check.ts';
import { type Fault, refuseMembers } from './faults.ts';
import { textWith } from './texts.ts';

/** Members of a submission that are missing, or outside of what the schema allows. */
export const JSON_RANGE_CHECKS: readonly Check[] = [
  {
    id: 'required-members-are-asked-for',
    title: 'A submission without `target` is refused at `/target`.',
    covers: { 'JSN-024': 'e16a10e3', 'PRB-006': 'c9e07667' },
    profile: 'recorder',
    async run(t) {
      await refuseMembers(t, 'JSN-024', [[{ target: undefined }, '/target']]);
      t.problem('JSN-024', await t.api.submit({}), 'invalid-request', { pointer: '/target' });
    },
  },
  {
    id: 'numbers-out-of-range-are-refused',
    title: 'A number outside of what its schema allows is refused at its pointer.',
    covers: { 'JSN-024': 'e16a10e3' },
    profile: 'recorder',
    async run(t) {
      const year = 31_536_000_000;
      const retry = (members: object, name: string): Fault => [{ retry: members }, `/retry/${name}`];
      await refuseMembers(t, 'JSN-024', [
        [{ delayMs: -1 }, '/delayMs'],
        [{ delayMs: year + 1 }, '/delayMs'],
        [{ timeoutMs: 0 }, '/timeoutMs'],
        [{ timeoutMs: 1_800_001 }, '/timeoutMs'],
        [{ timeoutMs: 30_000.5 }, '/timeoutMs'],
        retry({ maxAttempts: 0 }, 'maxAttempts'),
        retry({ maxAttempts: 1001 }, 'maxAttempts'),
        retry({ maxAttempts: 2.5 }, 'maxAttempts'),
        retry({ minBackoffMs: 0 }, 'minBackoffMs'),
        retry({ maxBackoffMs: 86_400_001 }, 'maxBackoffMs'),
        retry({ multiplier: 0.99 }, 'multiplier'),
        retry({ multiplier: 10.01 }, 'multiplier'),
        retry({ jitter: -0.01 }, 'jitter'),
        retry({ jitter: 1.01 }, 'jitter'),
        retry({ maxDurationMs: 0 }, 'maxDurationMs'),
        retry({ maxDurationMs: year + 1 }, 'maxDurationMs'),
      ]);
      for (const number of ['1e400', '-1e400', '99999999999999999999']) {
        const response = await t.api.submit(textWith(t, `"timeoutMs":${number}`));
        t.problem('JSN-024', response, 'invalid-request', { pointer: '/timeoutMs' });
      }
    },
  },
  {
    id: 'texts-out-of-their-schema-are-refused',
    title:
      'A text that is empty, too long or of other characters than its schema allows is refused at its pointer.',
    covers: { 'JSN-024': 'e16a10e3' },
    profile: 'recorder',
    async run(t) {
      const rules = Array.from({ length: 51 }, (_, at) => String(400 + at));
      await refuseMembers(t, 'JSN-024', [
        [{ taskName: '' }, '/taskName'],
        [{ taskName: 'x'.repeat(256) }, '/taskName'],
        [{ queue: '' }, '/queue'],
        [{ queue: 'x'.repeat(129) }, '/queue'],
        [{ queue: 'a b' }, '/queue'],
        [{ queue: 'a/b' }, '/queue'],
        [{ queue: '..' }, '/queue'],
        [{ id: '' }, '/id'],
        [{ id: 'é' }, '/id'],
        [{ id: 'a\n' }, '/id'],
        [{ id: '.' }, '/id'],
        [{ flowKey: '' }, '/flowKey'],
        [{ flowKey: 'x'.repeat(513) }, '/flowKey'],
        [{ flowKey: 'a\tb' }, '/flowKey'],
        [{ flowKey: 'a\u007f' }, '/flowKey'],
        [{ retry: { retryOn: ['200'] } }, '/retry/retryOn/0'],
        [{ retry: { failOn: ['404', '4xx', '5XX'] } }, '/retry/failOn/2'],
        [{ retry: { failOn: ['600'] } }, '/retry/failOn/0'],
        [{ retry: { failOn: rules } }, '/retry/failOn'],
      ]);
    },
  },
  {
    id: 'lengths-count-code-points',
    title: 'The length of a text is counted in code points: one beyond U+FFFF is one character.',
    covers: { 'JSN-024': 'e16a10e3' },
    profile: 'recorder',
    async run(t) {
      const most = '😀'.repeat(255);
      const { taskName } = await t.submit(t.parked({ taskName: most }));
      t.equal('JSN-024', '255 of them are accepted', taskName, most);
      await refuseMembers(t, 'JSN-024', [[{ taskName: `${most}x` }, '/taskName']]);
      await t.submit(t.parked({ flowKey: 'é'.repeat(512) }));
    },
  },
];
