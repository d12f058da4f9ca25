#!/usr/bin/env node
// Fills in the hash of the requirement's text wherever a check covers one with an empty hash: `'REC-001': ''`.
// In `src/not-checked` the hash stands in the object: `'REC-001': { hash: '', …`.
// Only empty ones: a hash that no longer fits means that somebody must look at the check again, then empty it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));
const requirements = JSON.parse(
  readFileSync(new URL('../../../spec/emitted/requirements.json', import.meta.url), 'utf8'),
);
const hashOf = new Map(
  requirements.map(({ id, text }) => [id, createHash('sha256').update(text).digest('hex').slice(0, 8)]),
);

for (const name of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
  if (!/^(checks|not-checked)\b.*\.ts$/.test(name)) continue;
  const file = join(src, name);
  const before = readFileSync(file, 'utf8');
  const after = before.replaceAll(/'([A-Z]{3}-\d{3})': ((?:\{\s*hash: )?)''/g, (found, id, opening) => {
    if (hashOf.has(id)) return `'${id}': ${opening}'${hashOf.get(id)}'`;
    process.exitCode = 1;
    process.stderr.write(`${name}: expected the id of a requirement, got ${id}\n`);
    return found;
  });
  if (after !== before) writeFileSync(file, after);
}
