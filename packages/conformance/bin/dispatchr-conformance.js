#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/main.js', import.meta.url);
// What npm publishes has no sources; in a clone they run as they are, so that nothing has to be built first.
const sources = new URL('../src/main.ts', import.meta.url);

if (existsSync(sources) && process.features.typescript) {
  await import(sources.href);
} else if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write(
    `dispatchr-conformance: Node ${process.versions.node} cannot run the sources of this clone: build them with \`npm run bundle --workspace dispatchr-conformance\`\n`,
  );
  process.exitCode = 1;
}
