import { runCommandLine } from './commands/run-command-line.ts';

for (const stream of [process.stdout, process.stderr]) {
  // A reader may stop early, as in `dispatchr-conformance list | head -3`.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
const exitCode = await runCommandLine(process.argv.slice(2));
// Checks that were left behind may still wait for something: the verdict is there, so nothing is worth waiting for.
process.stdout.write('', () => process.exit(exitCode));
