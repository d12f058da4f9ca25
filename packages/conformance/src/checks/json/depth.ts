import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { refuseAll, textWith } from './texts.ts';

// An implementation may declare a depth that no body can have.
function maxDepthOf(t: CheckContext): number {
  const { maxDepth, maxTaskBytes } = t.discovery.limits;
  if (maxDepth * 6 + 1000 > maxTaskBytes) t.skip('limits.maxDepth is beyond what limits.maxTaskBytes allows');
  return maxDepth;
}

const arrays = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;

/** How deeply a body may be nested, and where a problem says that the fault is. */
export const JSON_DEPTH_CHECKS: readonly Check[] = [
  {
    id: 'a-body-may-be-as-deep-as-declared',
    title: 'A body that is nested exactly as deeply as `limits.maxDepth` is accepted.',
    covers: { 'JSN-008': 'b37045f5', 'DSC-003': '4547254c' },
    profile: 'recorder',
    async run(t) {
      // The task itself is the first level.
      const depth = maxDepthOf(t) - 1;
      for (const taskArgs of [arrays(depth), objects(depth), `[${arrays(depth - 1)},${arrays(depth - 1)}]`])
        t.status('JSN-008', await t.api.submit(textWith(t, `"taskArgs":${taskArgs}`)), 201);
    },
  },
  {
    id: 'a-body-too-deep-is-refused',
    title: 'A body that is nested one level deeper than `limits.maxDepth` is malformed.',
    covers: { 'JSN-008': 'b37045f5' },
    profile: 'recorder',
    async run(t) {
      const depth = maxDepthOf(t);
      const deep = [arrays(depth), objects(depth), `{"a":${arrays(depth - 1)}}`, arrays(depth * 2)];
      await refuseAll(
        t,
        'JSN-008',
        deep.map((taskArgs) => textWith(t, `"taskArgs":${taskArgs}`)),
      );
      await refuseAll(t, 'JSN-008', [arrays(depth + 1)]);
    },
  },
  {
    id: 'depth-counts-from-the-body-of-a-batch',
    title: 'In a batch the depth is counted from the body, so that a task is at depth 3.',
    covers: { 'JSN-008': 'b37045f5' },
    profile: 'recorder',
    features: ['batch'],
    async run(t) {
      const depth = maxDepthOf(t) - 3;
      const batch = (taskArgs: string): string => `{"tasks":[${textWith(t, `"taskArgs":${taskArgs}`)}]}`;
      t.status('JSN-008', await t.api.submitBatch(batch(arrays(depth))), 201);
      t.problem('JSN-008', await t.api.submitBatch(batch(arrays(depth + 1))), 'malformed-json');
      t.problem('JSN-008', await t.api.submitBatch(batch(objects(depth + 1))), 'malformed-json');
    },
  },
  {
    id: 'malformed-json-says-where',
    title: 'The `detail` of `malformed-json` names the place by a pointer, or by an offset.',
    covers: { 'JSN-009': '283d6ebc' },
    profile: 'recorder',
    async run(t) {
      const { maxDepth, maxTaskBytes } = t.discovery.limits;
      const deep = 6 * maxDepth + 1000 > maxTaskBytes ? [] : [arrays(maxDepth)];
      const strings = [String.raw`"\u0000"`, String.raw`"\ud800"`, '"\t"'];
      const faults = ['[1,]', '{"x":1,"x":2}', ...strings, ...deep];
      for (const fault of faults) {
        const before = textWith(t, '"taskArgs":').slice(0, -1);
        const response = await t.api.submit(`${before}{"here":${fault}}}`);
        t.problem('JSN-009', response, 'malformed-json');
        const detail = String(response.json?.detail ?? '');
        const end = before.length + fault.length + '{"here":}}'.length;
        t.ok(
          'JSN-009',
          'detail has a pointer below /taskArgs, or an offset there',
          isPlaced(detail, before.length, end),
          detail,
        );
      }
    },
  },
];

function isPlaced(detail: string, start: number, end: number): boolean {
  if (detail.includes('/taskArgs')) return true;
  // An offset from 0 or from 1, of the fault's first or last byte.
  const numbers = detail.match(/\d+/g) ?? [];
  return numbers.map(Number).some((each) => each >= start - 1 && each <= end + 1);
}
