#!/usr/bin/env node
// Writes the frozen set of the specification's version: every requirement with the hash of its text, and every check.
//   node packages/conformance/scripts/write-requirement-set.mjs [--release]
// A set that is released no longer changes: a later requirement or check belongs to the next version. `--release` says so.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { CHECKS } from '../src/checks/index.ts';

const emitted = (name) =>
  JSON.parse(readFileSync(new URL(`../../../spec/emitted/${name}`, import.meta.url), 'utf8'));
const specVersion = emitted('recorder.openapi.json').info.version;
const file = new URL(`../src/requirement-sets/${specVersion}.json`, import.meta.url);

const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { released: false };
if (before.released) {
  process.stderr.write(
    `${specVersion} is released, and its set is frozen: begin the next version in spec/, write its set, and add it to requirement-sets.ts\n`,
  );
  process.exit(1);
}
const hashOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8);
const set = {
  specVersion,
  released: process.argv.includes('--release'),
  requirements: Object.fromEntries(emitted('requirements.json').map(({ id, text }) => [id, hashOf(text)])),
  checks: CHECKS.map(({ id }) => id).toSorted(),
};
writeFileSync(file, `${JSON.stringify(set, undefined, 2)}\n`);
process.stdout.write(
  `${specVersion}: ${Object.keys(set.requirements).length} requirements, ${set.checks.length} checks\n`,
);
