import fc from 'fast-check';
import type { Check } from '../../check.ts';
import { holdProperty } from '../../run/hold-property.ts';
import { memberText, spelled, values, withArgs } from './json-text.ts';

/** A read shows `taskArgs` character for character; the area `json` has the cases that are known to go wrong. */
export const VERBATIM_CHECKS: readonly Check[] = [
  {
    id: 'get-keeps-any-task-args',
    title:
      'Whatever the `taskArgs` are and however they are written, a read shows them character for character.',
    covers: { 'REC-050': 'a82f961d' },
    profile: 'recorder',
    async run(t) {
      const texts = fc
        .record({ value: values, seed: fc.nat() })
        .map(({ value, seed }) => spelled(value, seed));
      const keep = async (args: string): Promise<void> => {
        const { id } = await t.submit(withArgs(t.parked({ id: t.newId() }), args));
        const { text } = await t.api.get(id);
        t.equal('REC-050', 'taskArgs as they are read', memberText(text, 'taskArgs'), args);
      };
      await holdProperty(t, texts, keep, 40);
    },
  },
];
