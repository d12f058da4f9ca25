import { parseArgs } from 'node:util';
import { reportOf } from './check/report.ts';
import { FAULT_NAMES, type FaultName } from './events.ts';
import { type ChaosOptions, runChaos } from './run-chaos.ts';

const HELP = `Breaks a whole installation while it works, then proves from independent logs that nothing was lost.

PostgreSQL, two recorders and three schedulers run as processes; producers and targets write down what they did and saw,
triggers in the database each change of a row. After the faults everything is healed and drained, and a checker that knows
nothing of the program judges the logs.

  npm run chaos                                     two minutes, with a seed that is printed
  npm run chaos -- --seed 7 --minutes 15            the run whose figures are in docs/reliability.md
  npm run chaos -- --faults scheduler-killed,proxy-cut
  npm run chaos -- --faults none                    no faults: then nothing excuses a duplicate
  npm run chaos -- --keep DIR                       keep the logs; npm run chaos:check -- DIR judges them again

  --seed N       what is submitted and which faults strike, in which order [drawn]
  --minutes M    how long faults strike [2]
  --rate R       tasks a second [200]
  --faults A,B   which kinds: ${wrapped(FAULT_NAMES)}
  --keep DIR     where the logs go [a temporary folder]

Times are the machine's, so a seed brings the same tasks and the same kinds of fault, not the same history.
Exit status: 0 every invariant holds, 1 one is violated, 2 wrong arguments, 3 something that is needed is missing.
`;

const EXIT_CODES = { clean: 0, violated: 1, vacuous: 3 } as const;
const USAGE = 2;
const MISSING = 3;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let options: ChaosOptions | undefined;
  try {
    options = optionsOf(words);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return USAGE;
  }
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const aborted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => aborted.abort());
  try {
    const verdict = await runChaos(options, (line) => process.stderr.write(`${line}\n`), aborted.signal);
    process.stdout.write(reportOf(verdict));
    return EXIT_CODES[verdict.result];
  } catch (error) {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    return MISSING;
  }
}

/** Undefined: help is asked for. Throws a TypeError on wrong arguments. */
function optionsOf(words: readonly string[]): ChaosOptions | undefined {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      minutes: { type: 'string', default: '2' },
      rate: { type: 'string', default: '200' },
      faults: { type: 'string' },
      keep: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    seed: numberOf('seed', values.seed),
    minutes: numberOf('minutes', values.minutes),
    rate: numberOf('rate', values.rate),
    ...(values.faults !== undefined && { faults: faultsOf(values.faults) }),
    ...(values.keep !== undefined && { keep: values.keep }),
  };
}

function numberOf(flag: string, text: string): number {
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || number < 0)
    throw new TypeError(`expected --${flag} with a number of 0 or more, got ${JSON.stringify(text)}`);
  return number;
}

function faultsOf(text: string): FaultName[] {
  if (text === 'none') return [];
  return text.split(',').map((given) => {
    const name = FAULT_NAMES.find((known) => known === given);
    if (name === undefined)
      throw new TypeError(`expected a kind of fault or none, got ${JSON.stringify(given)}`);
    return name;
  });
}

function wrapped(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    if ((lines.at(-1) ?? '').length + name.length > 80) lines.push('');
    lines.push(`${lines.pop() ?? ''} ${name}`);
  }
  return lines.map((line) => line.trim()).join('\n                 ');
}
