import fc from 'fast-check';
import type { Check } from '../../check.ts';
import { holdProperty } from '../../run/hold-property.ts';
import { spelled, values, type Value, withArgs } from './json-text.ts';

/** Contents that nobody thought of. */
export const CONTENT_PROPERTY_CHECKS: readonly Check[] = [
  {
    id: 'identity-holds-for-any-spelling',
    title: 'Whatever the `taskArgs` are, another spelling of the same value is the same content.',
    covers: { 'IDN-001': '43563da3', 'IDN-002': '7133b0a0', 'IDN-004': 'b02962e3' },
    profile: 'recorder',
    async run(t) {
      const cases = fc.record({ value: values, first: fc.nat(), second: fc.nat() });
      await holdProperty(t, cases, async ({ value, first, second }) => {
        const task = t.parked({ id: t.newId() });
        const text = withArgs(task, spelled(value, first));
        const again = withArgs(task, spelled(value, second));
        t.equal('IDN-001', `the status of a first submit of ${text}`, (await t.api.submit(text)).status, 201);
        const { status } = await t.api.submit(again);
        t.equal('IDN-001', `the status of ${again} after ${text}, the same content`, status, 200);
      });
    },
  },
  {
    id: 'identity-holds-for-any-change',
    title: 'Whatever the `taskArgs` are, one that differs anywhere inside is other content.',
    covers: { 'IDN-001': '43563da3' },
    profile: 'recorder',
    async run(t) {
      const cases = fc.record({ value: values, at: fc.nat(), seed: fc.nat() });
      await holdProperty(t, cases, async ({ value, at, seed }) => {
        const task = t.parked({ id: t.newId() });
        const text = withArgs(task, spelled(value, seed));
        const other = withArgs(task, spelled(changed(value, at), seed));
        t.equal('IDN-001', `the status of a first submit of ${text}`, (await t.api.submit(text)).status, 201);
        const { status } = await t.api.submit(other);
        t.equal('IDN-001', `the status of ${other} after ${text}, other content`, status, 409);
      });
    },
  },
];

/** The value with one change somewhere inside: `at` chooses where. */
function changed(value: Value, at: number): Value {
  if (value.kind === 'literal') return { ...value, text: value.text === 'true' ? 'false' : 'true' };
  if (value.kind === 'string') return { ...value, value: `${value.value}x` };
  if (value.kind === 'array') {
    const { items } = value;
    if (items.length === 0) return { kind: 'object', members: [] };
    const place = at % items.length;
    return { ...value, items: items.map((item, index) => (index === place ? changed(item, at >> 2) : item)) };
  }
  const { members } = value;
  if (members.length === 0) return { kind: 'array', items: [] };
  const place = at % members.length;
  return {
    ...value,
    members: members.map(([name, member], index) => [
      name,
      index === place ? changed(member, at >> 2) : member,
    ]),
  };
}
