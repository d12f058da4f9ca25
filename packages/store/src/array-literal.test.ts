import { expect, test } from 'vitest';
import { toArrayLiteral } from './array-literal.ts';

test.each([
  [[], '{}'],
  [[1, null, 3], '{1,NULL,3}'],
  [[true, false], '{true,false}'],
  [['plain', 'NULL', ''], '{"plain","NULL",""}'],
  [['a"b', String.raw`c\d`, '{e,f}'], String.raw`{"a\"b","c\\d","{e,f}"}`],
])('writes %j as %s', (values, literal) => {
  expect(toArrayLiteral(values)).toBe(literal);
});
