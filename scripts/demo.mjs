#!/usr/bin/env node
// `npm run demo`: sets the workspace up, then runs the demo from its sources. Arguments go to it: `npm run demo -- --help`.
import { join } from 'node:path';
import { runNode } from './run-node.mjs';
import { setUpOrExit } from './set-up.mjs';
import { root } from './workspace.mjs';

await setUpOrExit();
runNode(['--conditions=@dispatchr/source', join(root, 'demo/main.ts'), ...process.argv.slice(2)]);
