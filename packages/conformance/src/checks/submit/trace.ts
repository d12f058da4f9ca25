import type { Check } from '../../check.ts';
import { forAll } from './submission-verdict.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const STATE = 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE';

/** The trace headers of a submit. */
export const TRACE_CHECKS: readonly Check[] = [
  {
    id: 'trace-headers-are-kept',
    title: 'A well-formed traceparent is kept with the task, and tracestate with it.',
    covers: { 'REC-023': '3f9d1243' },
    profile: 'recorder',
    async run(t) {
      const traceparent = `00-${TRACE}-${PARENT}-01`;
      const { id } = await t.submit(t.parked(), { traceparent, tracestate: STATE });
      t.matches('REC-023', 'the task has both', (await t.api.get(id)).json, {
        traceparent,
        tracestate: STATE,
      });
      const alone = await t.submit(t.parked(), { traceparent });
      const { json } = await t.api.get(alone.id);
      const kept = [json?.traceparent, json?.tracestate ?? 'none'];
      t.equal('REC-023', 'the task has what was sent', kept, [traceparent, 'none']);
    },
  },
  {
    id: 'malformed-trace-headers-are-dropped',
    title: 'A submit with a malformed traceparent is recorded, without traceparent and tracestate.',
    covers: { 'REC-023': '3f9d1243' },
    profile: 'recorder',
    async run(t) {
      const malformed = [
        `00-${TRACE.toUpperCase()}-${PARENT}-01`,
        `00-${'0'.repeat(32)}-${PARENT}-01`,
        `00-${TRACE}-${'0'.repeat(16)}-01`,
        `ff-${TRACE}-${PARENT}-01`,
        `00-${TRACE}-${PARENT}`,
        `00-${TRACE}-${PARENT}-01-more`,
        `00-${TRACE}-${PARENT}-0`,
        `00-${TRACE.slice(1)}-${PARENT}-01`,
        `00_${TRACE}_${PARENT}_01`,
        `0-${TRACE}-${PARENT}-01`,
        `00-${TRACE.slice(1)}g-${PARENT}-01`,
        'nonsense',
      ];
      await forAll(malformed, async (traceparent) => {
        const { id } = await t.submit(t.parked(), { traceparent, tracestate: STATE });
        const { json } = await t.api.get(id);
        const kept = { traceparent: json?.traceparent, tracestate: json?.tracestate };
        t.equal('REC-023', `what is kept of the traceparent ${traceparent}`, kept, {});
      });
    },
  },
  {
    id: 'tracestate-alone-is-dropped',
    title: 'A submit with a tracestate and no traceparent is recorded without it.',
    covers: { 'REC-023': '3f9d1243' },
    profile: 'recorder',
    async run(t) {
      const { id } = await t.submit(t.parked(), { tracestate: STATE });
      const { json } = await t.api.get(id);
      t.equal('REC-023', 'the tracestate of the task', json?.tracestate ?? 'none', 'none');
    },
  },
];
