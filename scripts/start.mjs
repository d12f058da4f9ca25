#!/usr/bin/env node
// `npm start`: sets the workspace up, then runs the service from its sources. Arguments go to `dispatchr serve`.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runNode } from './run-node.mjs';
import { setUpOrExit } from './set-up.mjs';
import { root } from './workspace.mjs';

await setUpOrExit();
const stopWithParent = pathToFileURL(join(root, 'scripts/stop-with-parent.mjs')).href;
const main = join(root, 'packages/dispatchr/src/main.ts');
runNode(
  ['--conditions=@dispatchr/source', '--import', stopWithParent, main, 'serve', ...process.argv.slice(2)],
  { ipc: true },
);
