#!/usr/bin/env node
// `npm test`: sets the workspace up, then runs every test once. Arguments go to `vitest run`.
import { join } from 'node:path';
import { runNode } from './run-node.mjs';
import { setUpOrExit } from './set-up.mjs';
import { root } from './workspace.mjs';

await setUpOrExit();
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
runNode([vitest, 'run', ...process.argv.slice(2)], { cwd: root });
