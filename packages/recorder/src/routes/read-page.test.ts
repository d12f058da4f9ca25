import { LIMITS } from '@dispatchr/contract';
import type { Limits } from '@dispatchr/contract';
import { expect, test } from 'vitest';
import { readPage } from './read-page.ts';

const expected = 'expected the "nextCursor" of the page before, or no cursor for the first page';

test.each([
  ['next', `${expected}, got "next"`],
  ['', `${expected}, got ""`],
  ['c'.repeat(500), `${expected}, got "${'c'.repeat(80)}"… (500 characters)`],
])('a cursor that no page had is refused with what came: %s', (cursor, detail) => {
  expect(readPage(undefined, cursor, LIMITS as Limits)).toEqual({
    kind: 'invalid',
    errors: [{ parameter: 'cursor', detail }],
  });
});
