import fc from 'fast-check';
import type { Check } from '../../check.ts';
import { holdProperty } from '../../run/hold-property.ts';
import { textWith } from './texts.ts';

const ARGS = '{"a":[1,-2.5e3,true,null],"b":{"c":"d\\u00e9\\n","e":[]},"f":"é"}';

/** One damage to a text: from where on, how many characters go, and what comes instead. */
const damage = fc.record({
  at: fc.nat(ARGS.length - 1),
  gone: fc.constantFrom(0, 1, 1, 2, ARGS.length),
  instead: fc.oneof(
    fc.constant(''),
    fc.constantFrom(...Array.from('{}[]",:\\-+.eE0 \t\nabtfnu/\'#')),
    fc.string({ unit: 'grapheme', maxLength: 2 }),
  ),
});

/** Bodies that are damaged by chance. */
export const JSON_DAMAGED_CHECKS: readonly Check[] = [
  {
    id: 'damaged-bodies-are-refused',
    title:
      'A body that a generated damage keeps from being JSON is malformed, and no damage breaks the recorder.',
    covers: { 'JSN-003': '0c09f7a1', 'JSN-010': 'd5fb7c68' },
    profile: 'recorder',
    run: (t) =>
      holdProperty(
        t,
        damage,
        async ({ at, gone, instead }) => {
          const args = ARGS.slice(0, at) + instead + ARGS.slice(at + gone);
          // The end of the task goes with the rest of a text that is cut.
          const body = textWith(t, `"taskArgs":${args}`).slice(0, gone === ARGS.length ? -1 : undefined);
          const response = await t.api.submit(body);
          if (isJson(body))
            t.ok('JSN-003', 'what is JSON breaks nothing', response.status < 500, response.status);
          else t.problem('JSN-010', response, 'malformed-json');
        },
        40,
      ),
  },
];

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
