#!/usr/bin/env node
import { existsSync } from 'node:fs';
// Node 20 has no `registerHooks`: naming it in the import would not load there.
import * as nodeModule from 'node:module';

const built = new URL('../dist/main.js', import.meta.url);
// What npm publishes has no sources; in a clone they run as they are, so that nothing has to be built first.
const sources = new URL('../src/main.ts', import.meta.url);

if (existsSync(sources) && process.features.typescript && nodeModule.registerHooks) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, '@dispatchr/source'] }),
  });
  await import(sources.href);
} else if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write(
    `dispatchr: Node ${process.versions.node} cannot run the sources of this clone: use \`npx dispatchr\` in it, or build it with \`npm run build\`\n`,
  );
  process.exitCode = 1;
}
