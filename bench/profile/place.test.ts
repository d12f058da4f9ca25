import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { placeOf } from './place.ts';

const urlInTree = (path: string) =>
  pathToFileURL(`${fileURLToPath(new URL('../..', import.meta.url))}${path}`).href;

it.each([
  ['', '', '(V8 and native)'],
  ['node:net', 'node:net', 'node:net'],
  ['node:internal/streams/writable', 'node:internal/streams/writable', 'node:internal/streams'],
  [urlInTree('packages/store/src/statement.ts'), 'packages/store/src/statement.ts', 'packages/store/src'],
  [urlInTree('node_modules/undici/lib/pool.js'), 'undici/lib/pool.js', 'node_modules/undici'],
  [urlInTree('node_modules/a/node_modules/@b/c/d.js'), '@b/c/d.js', 'node_modules/@b/c'],
])('finds the place of %j', (url, path, group) => {
  expect(placeOf(url)).toEqual({ path, group });
});
