#!/usr/bin/env node
// Regenerates everything from spec/, and docs/settings.md, and fails, naming the files, if that changes anything.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setUpOrExit } from './set-up.mjs';
import { root } from './workspace.mjs';

await setUpOrExit();
const before = snapshot();
const failures = [
  run('npm', ['run', '--silent', 'generate', '--workspace=spec', '--workspace=packages/dispatchr']),
  checkMigrations(),
];
const changed = differences(before, snapshot());
for (const file of changed) process.stderr.write(`${file}\n`);
if (changed.length > 0) {
  process.stderr.write('Regenerating changes these files: run `npm run generate` and commit the result.\n');
}
process.exit(changed.length > 0 || failures.some((status) => status !== 0) ? 1 : 0);

function checkMigrations() {
  const { scripts } = JSON.parse(readFileSync(join(root, 'packages/store/package.json'), 'utf8'));
  if (!scripts?.['check:migrations']) return 0;
  return run('npm', ['run', '--silent', 'check:migrations', '--workspace=packages/store']);
}

function run(command, args) {
  // npm puts node_modules/.bin first, so both run on the workspace's Node.
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status;
}

function generatedFolders() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src/gen`);
  return ['spec/emitted', ...packages, 'packages/store/migrations'].filter((path) =>
    existsSync(join(root, path)),
  );
}

/** The hash of every generated file by its path. */
function snapshot() {
  const files = generatedFolders().flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const hash = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  files.push(join(root, 'docs/settings.md'));
  return new Map(files.map((file) => [relative(root, file), hash(file)]));
}

function differences(old, fresh) {
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .toSorted()
    .filter((file) => old.get(file) !== fresh.get(file))
    .map((file) => `${!old.has(file) ? 'added  ' : !fresh.has(file) ? 'removed' : 'changed'} ${file}`);
}
