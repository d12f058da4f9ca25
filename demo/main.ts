import { parseArgs } from 'node:util';
import { resultsTable } from './results.ts';
import { runDemo } from './run-demo.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

const HELP = `npm run demo [-- --help]

Starts the service on a fresh embedded database in a temporary folder and a target beside it, submits tasks that succeed,
are rejected, retry, run out of attempts, wait, are held back and are cancelled, and prints what happens to each as it
happens. Needs nothing and leaves nothing behind; takes some 6 seconds once the database is there.

Exits with 0 only if each task ended as it should, with 1 otherwise.
`;

const EXIT_CODE_OF_SIGINT = 130;

process.exitCode = await main();

async function main(): Promise<number> {
  if (readOptions().help) {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  const results = await runDemo(scenarios(), (line) => console.log(line), interrupted.signal);
  if (interrupted.signal.aborted) return EXIT_CODE_OF_SIGINT;
  console.log(`\n${resultsTable(results)}\n`);
  const isRight = results.every(({ isAsExpected }) => isAsExpected);
  console.log(isRight ? 'Each task ended as it should.' : 'Not each task ended as it should.');
  return isRight ? 0 : 1;
}

function readOptions(): { help?: boolean } {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** For the demo's own test, which must see it fail: with the variable set, the first task is expected to end otherwise. */
function scenarios(): readonly Scenario[] {
  const [first, ...rest] = SCENARIOS;
  if (process.env['DEMO_TEST_PLANTS_WRONG_EXPECTATION'] === undefined || first === undefined)
    return SCENARIOS;
  return [{ ...first, expected: { ...first.expected, state: 'cancelled' } }, ...rest];
}
