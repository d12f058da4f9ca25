import { expect, test } from 'vitest';
import { traceContextOf } from './trace-context.ts';

const IDS = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';

test.each([`00-${IDS}-01`, `cc-${IDS}-01`, `cc-${IDS}-01-more`])(
  '%s is carried on with its state',
  (traceparent) => {
    const headers = { traceparent, tracestate: 'a=b' };
    expect(traceContextOf(headers)).toEqual(headers);
    expect(traceContextOf({ traceparent })).toEqual({ traceparent });
  },
);

test.each([
  `ff-${IDS}-01`,
  `00-${IDS}-01-more`,
  `00-${IDS.toUpperCase()}-01`,
  `00-${IDS}-1`,
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
  '',
])('%s is dropped with its state', (traceparent) => {
  expect(traceContextOf({ traceparent, tracestate: 'a=b' })).toEqual({});
});
